//! `serve`: a season for everybody who can reach the address.

use std::io::{IsTerminal as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use journal::Follower;
use server::{Clock, Opening, Site};
use sport::fact::Fact;

use crate::place;
use crate::simulate::SIMULATED;
use crate::stop::Stop;
use crate::{facts, moment, scoreboard};

/// A season's pages, live stream and API, for everybody who can reach the address
///
/// Follows the season's journal: what is recorded shows within a second.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme serve SEASON\n  parcferme serve SEASON --listen 0.0.0.0:80\n  parcferme serve SEASON --rmonitor 0.0.0.0:50000"
)]
pub(crate) struct ServeArguments {
    /// The season's folder
    pub(crate) season: PathBuf,
    /// Where to listen: an address and a port; port 0 for any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8018", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Where to serve the session that runs as an RMonitor feed, for scoreboards and apps that read one; port 50000 is the usual one
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub(crate) rmonitor: Option<SocketAddr>,
}

/// `serve`.
pub(crate) fn run(arguments: &ServeArguments) -> Result<String, Stop> {
    let folder = &arguments.season;
    let (rulebook, mut season) = place::shown(folder)?;
    season.take(facts::read(folder, Some(&season.title))?.0);
    let listener = listen(arguments.listen)?;
    let rmonitor = arguments.rmonitor.map(scoreboard::listen).transpose()?;
    let clock = Clock { now: Arc::new(moment::now), speed: 1 };
    let news = follow(folder, season.facts().len());
    tell(&season.title, &listener)?;
    let site = Arc::new(Site::new(Opening { rulebook, season, watch: clock.clone(), clock, simulated: SIMULATED }));
    open(&site, listener, rmonitor, news)?;
    Ok(String::new())
}

/// A listener, or why there is none.
pub(crate) fn listen(at: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(at).map_err(|error| {
        let why: String = if error.kind() == std::io::ErrorKind::AddrInUse {
            String::from("somebody else listens there; choose another port with --listen, such as 127.0.0.1:0 for any that is free")
        } else {
            error.to_string()
        };
        Stop::io(&at.to_string(), &why)
    })
}

/// Says where the pages are, at once: somebody waits for it.
pub(crate) fn tell(title: &str, listener: &TcpListener) -> Result<(), Stop> {
    let at = listener.local_addr().map_err(|error| Stop::io("the address", &error))?;
    let base = format!("http://{at}");
    crate::print(&format!(
        "{title}\n  {base}/            the season\n  {base}/live        live timing\n  {base}/standings   standings\n  {base}/overlay     for streaming software\n  {base}/api/v1/openapi.json\nCtrl-C ends it.\n"
    ))
}

/// An address to listen on, or what to write instead.
pub(crate) fn address(written: &str) -> Result<SocketAddr, String> {
    written.parse().map_err(|_| {
        let port = written.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).unwrap_or(8018);
        format!("an address and a port up to 65535 are meant: write 127.0.0.1:{port} for this machine alone, 0.0.0.0:{port} for all that reach it")
    })
}

/// The facts recorded since the last call: in the store, once there is one. `known` facts are known already.
pub(crate) fn follow(folder: &Path, known: usize) -> impl FnMut() -> Result<Vec<Fact>, String> + Send + use<> {
    let store = folder.join("journal.sqlite");
    let mut follower = Follower::new(&store);
    let mut skip = known;
    let mut there = store.exists();
    move || {
        // A season that nothing was recorded of yet has no store, or its text only.
        if !there && !store.exists() {
            return Ok(Vec::new());
        }
        there = true;
        let mut news = follower.news().map_err(|error| facts::stop(&error).text().trim_end().to_owned())?;
        let old = skip.min(news.len());
        skip -= old;
        Ok(news.split_off(old))
    }
}

/// Serves a site until it is interrupted, following the news.
pub(crate) fn open(
    site: &Arc<Site>,
    listener: TcpListener,
    rmonitor: Option<TcpListener>,
    news: impl FnMut() -> Result<Vec<Fact>, String> + Send + 'static,
) -> Result<(), Stop> {
    // Who asks first is shown something.
    site.show();
    let over = Arc::new(AtomicBool::new(false));
    let feeding = {
        let (site, over) = (Arc::clone(site), Arc::clone(&over));
        std::thread::spawn(move || server::feed(&site, news, said, || over.load(Ordering::Relaxed)))
    };
    let scoreboards = rmonitor.map(|listener| scoreboard::serve(site, listener, &over));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Stop::io("the server", &error))?;
    let served = runtime.block_on(server::serve(Arc::clone(site), listener, interrupted()));
    over.store(true, Ordering::Relaxed);
    // Streams that are still open are let go with the runtime.
    runtime.shutdown_background();
    feeding.join().map_err(|_| Stop::io("the server", &"following the journal broke off; this is a fault of the program"))?;
    if let Some(scoreboards) = scoreboards {
        scoreboards.join().map_err(|_| Stop::io("the feed of scoreboards", &"it broke off; this is a fault of the program"))?;
    }
    served.map_err(|error| Stop::io("the server", &error))
}

/// Until the person at the terminal, or the system, asks for an end.
pub(crate) async fn interrupted() {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        Some(()) = async { match &mut terminated { Some(signal) => signal.recv().await, None => None } } => {}
    }
}

/// What goes wrong while it serves is said beside it, and served on.
pub(crate) fn said(what: &str) {
    let mut err = std::io::stderr().lock();
    let text = crate::columns::visible(what, err.is_terminal() && crate::faults::colours());
    // Where it cannot be said, the server goes on.
    _ = writeln!(err, "{text}");
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_taken_or_it_is_said_what_to_write() {
        assert!(["127.0.0.1:0", "0.0.0.0:80", "[::1]:8018"].iter().all(|written| address(written).is_ok()));
        for (written, remedy) in
            [("8030", "127.0.0.1:8030"), (":8030", "127.0.0.1:8030"), ("localhost:8030", "127.0.0.1:8030"), (":99999", "127.0.0.1:8018")]
        {
            assert!(address(written).is_err_and(|says| says.contains(remedy)), "{written}");
        }
    }
}
