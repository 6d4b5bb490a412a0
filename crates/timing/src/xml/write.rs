//! The text out of the tree.

use super::{Document, Element, End, Node};

/// The text of a file.
pub(super) fn write(document: &Document) -> String {
    let mut out = String::new();
    document.before.iter().for_each(|of| node(of, &mut out));
    element(&document.root, &mut out);
    out.push_str(&document.after);
    out
}

fn node(of: &Node, out: &mut String) {
    match of {
        Node::Element(of) => element(of, out),
        Node::Text(text) | Node::Aside(text) => out.push_str(text),
        Node::Data(data) => out.extend(["<![CDATA[", data, "]]>"]),
    }
}

fn element(of: &Element, out: &mut String) {
    out.extend(["<", &of.tag]);
    if of.end == End::Within {
        out.push_str("/>");
        return;
    }
    out.push('>');
    of.nodes.iter().for_each(|of| node(of, out));
    match &of.end {
        End::As(written) => out.extend(["</", written, ">"]),
        End::Within | End::Tag => out.extend(["</", of.name(), ">"]),
    }
}

/// The beginning of an element: its first tag, and the text in it.
pub(super) fn shown(of: &Element, out: &mut String) {
    out.extend(["<", &of.tag, ">", of.text().trim()]);
}

/// Puts every element that is in an element with no text of its own on a line of its own.
pub(super) fn lay_out(root: &mut Element, indent: &str, line_end: &str) {
    lay_out_at(root, indent, &mut line_end.to_owned());
}

/// `begin` is the end of a line and the blanks that an element at this level stands behind.
fn lay_out_at(of: &mut Element, indent: &str, begin: &mut String) {
    if !of.nodes.iter().any(|node| matches!(node, Node::Element(_))) {
        return;
    }
    let closing = Node::Text(begin.clone());
    begin.push_str(indent);
    let mut nodes = Vec::with_capacity(2 * of.nodes.len() + 1);
    for mut node in std::mem::take(&mut of.nodes) {
        if let Node::Element(element) = &mut node {
            lay_out_at(element, indent, begin);
        }
        nodes.extend([Node::Text(begin.clone()), node]);
    }
    begin.truncate(begin.len() - indent.len());
    nodes.push(closing);
    of.nodes = nodes;
}
