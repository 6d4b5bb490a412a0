//! What columns are called in the tables of clubs and leagues, and what stands in them for a car without a place, in the languages they are written in.

use sport::result::Finish;

use super::mapping::Meaning;
use crate::matched::plain;

/// The names of columns, without capitals, accents, blanks and signs. Of two columns that can be the same, the one counts whose name is before the other here: a gap to the
/// first before one to the car ahead.
const NAMES: [(Meaning, &str); 26] = [
    (
        Meaning::Number,
        "number carnumber carno carnum carnr startnumber startno racenumber no nr num bib startnummer stnr startnr nummer \
            numero numerodevoiture ndevoiture novoiture dossard numerogara ngara dorsal numerodecoche 車番 ゼッケン カーナンバー ゼッケン番号 \
            車号 车号 赛车号 车手号 号码",
    ),
    (
        Meaning::Place,
        "position place pos rank pic overall platz rang platzierung pl gesamt classement clt cla posizione classifica posicion \
            puesto 順位 総合順位 総合 排名 名次 位次",
    ),
    (
        Meaning::ClassPlace,
        "classposition classpos posinclass positioninclass classrank picclass pinclass platzinklasse klassenplatz posclasse \
            posclase クラス順位 组别排名 组内排名",
    ),
    (Meaning::Drivers, "drivers drivernames crew fahrerteam pilotes equipage piloti equipaggio conduttori pilotos ドライバーズ 车手组合"),
    (
        Meaning::Driver,
        "driver drivername name competitor driver1 driver2 driver3 driver4 driver5 driver6 fahrer fahrer1 fahrer2 fahrer3 \
            fahrer4 pilote pilote1 pilote2 pilote3 pilote4 pilota pilota1 pilota2 pilota3 conduttore nome piloto piloto1 piloto2 \
            piloto3 nombre nom ドライバー ドライバー名 選手 選手名 氏名 aドライバー bドライバー cドライバー dドライバー 车手 车手姓名 姓名 驾驶员",
    ),
    (Meaning::First, "firstname vorname prenom 名"),
    (Meaning::Last, "lastname surname familyname nachname familienname nomdefamille cognome apellido apellidos 姓"),
    (
        Meaning::Team,
        "team teamname entrant bewerber mannschaft ecurie equipe concurrent squadra scuderia concorrente equipo escuderia チーム \
            チーム名 エントラント 车队 车队名称",
    ),
    (Meaning::Class, "class classname category klasse wertung kategorie classe categorie categoria clase クラス カテゴリー 组别 级别"),
    (Meaning::Cup, "cup group division cupwertung gruppe coupe groupe coppa gruppo copa grupo カップ 杯 分组"),
    (
        Meaning::Model,
        "model carmodel vehicle car machine fahrzeug auto wagen modell vehicule modele voiture vettura macchina modello coche \
            vehiculo modelo 車両 車名 マシン 型式 赛车 车型 车辆",
    ),
    (
        Meaning::Maker,
        "manufacturer make maker brand hersteller marke constructeur marque costruttore marca fabricante メーカー 製造者 制造商 品牌",
    ),
    (Meaning::Transponder, "transponder transpondernumber transponderno trasponder transpondeur transpondedor トランスポンダー"),
    (
        Meaning::Grid,
        "grid gridposition startposition startpos startplatz grille positiondedepart griglia parrilla posiciondesalida グリッド \
            スタート順位 发车位 发车位置",
    ),
    (
        Meaning::Laps,
        "laps lapscompleted lapcount numlaps totallaps runden rdn rd rnd tours toursbcls giri vueltas 周回 周回数 ラップ数 圈数 完成圈数",
    ),
    (
        Meaning::Time,
        "totaltime racetime totaltm total time gesamtzeit rennzeit zeit tempstotal temps tempototale tempogara tempo \
            tiempototal tiempo 所要時間 合計タイム 総合タイム タイム 時間 总时间 总成绩 用时 时间",
    ),
    (
        Meaning::Gap,
        "gaptofirst gapfirst gaptoleader diff difference diffleader behind gap gaptowinner ruckstand rueckstand abstand ecartpremier ecart \
            distacco distaccoprimo diferencia dif 差 トップ差 タイム差 差距 与第一差距",
    ),
    (
        Meaning::Best,
        "bestlaptime bestlap fastestlap fastestlaptime besttime besttm best fl fltime besterunde bestzeit schnellsterunde \
            besterundenzeit meilleurtour meilleurtemps migliorgiro girorapido giroveloce migliortempo mejorvuelta vueltarapida \
            mejortiempo ベストラップ ベストタイム ファステストラップ 最快圈 最快单圈 最佳圈速",
    ),
    (
        Meaning::BestLap,
        "bestlapnumber bestlapno bestlapnr inlap inlapno onlap fllapnum inrunde autour algiro enlavuelta ベスト周回 最快圈数",
    ),
    (Meaning::Status, "status state finishstatus remark remarks note notes bemerkung etat statut stato estado 備考 状態 状态 备注"),
    (
        Meaning::Lap,
        "lapnumber lapno lapnr lap rundennummer runde numerodetour tour numerogiro giro vuelta numerodevuelta 周 ラップ 周目 圈 第几圈 圈号",
    ),
    (
        Meaning::LapTime,
        "laptime laptm rundenzeit tempsautour tempsdutour tempogiro tempodelgiro tiempodevuelta tiempovuelta ラップタイム 圈速 单圈时间 \
            单圈成绩",
    ),
    (Meaning::Sector1, "sector1 s1 sector1time sektor1 secteur1 settore1 sektor1zeit int1 セクター1 区间1 第一计时段"),
    (Meaning::Sector2, "sector2 s2 sector2time sektor2 secteur2 settore2 sektor2zeit int2 セクター2 区间2 第二计时段"),
    (Meaning::Sector3, "sector3 s3 sector3time sektor3 secteur3 settore3 sektor3zeit int3 セクター3 区间3 第三计时段"),
    (
        Meaning::Elapsed,
        "elapsed elapsedtime racetimeatlap sessiontime cumulative gesamtlaufzeit tempsecoule tempstrascorso tempotrascorso \
            tiempotranscurrido 経過時間 累计时间",
    ),
];

/// What stands where a place or a status would.
const WORDS: [(Finish, &str); 4] = [
    (Finish::Classified, "classified fin finished gewertet klassifiziert classe classificato clasificado 完走 完赛"),
    (
        Finish::NotClassified,
        "nc notclassified dnf ret retired didnotfinish ausfall ausgefallen ausg nk nichtgewertet nichtklassifiziert ab abandon \
            abd nonclasse np rit ritirato nonclassificato abandono retirado noclasificado リタイア リタイヤ 規定周回数不足 未完走 退赛 未完赛 未完成",
    ),
    (
        Finish::NotStarted,
        "dns ns notstarted didnotstart nichtgestartet ng nonpartant nonpartito nosalio noparticipo 未出走 不出走 未发车 未出发",
    ),
    (
        Finish::Disqualified,
        "dsq dq dis disq disqualified ex exc excl excluded disqualifiziert dqs disqualifie exclu squalificato sq descalificado \
            excluido 失格 取消成绩 取消资格",
    ),
];

/// Letters and digits alone, small, without the accents of Western names, wide digits as narrow ones.
pub(super) fn bare(name: &str) -> String {
    let narrow = |letter: char| match u32::from(letter) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(letter),
        _ => letter,
    };
    plain(&name.chars().map(narrow).filter(|letter| letter.is_alphanumeric()).collect::<String>())
}

/// What a column of a name holds, and how surely: less is surer.
pub(super) fn meaning(name: &str) -> Option<(Meaning, usize)> {
    if matches!(name.trim(), "#" | "№" | "N°" | "Nº" | "n°" | "nº" | "＃") {
        return Some((Meaning::Number, 0));
    }
    let name = bare(name);
    NAMES.iter().find_map(|(meaning, names)| Some((*meaning, names.split(' ').position(|known| known == name)?)))
}

/// How a car ended, by a word where a place, a time or a status would stand.
pub(super) fn finish(word: &str) -> Option<Finish> {
    let word = bare(word);
    WORDS.iter().find(|(_, words)| words.split(' ').any(|known| known == word)).map(|(finish, _)| *finish)
}
