//! Files and minutes for people: in their language and the time zone of the interview, as table programs open them.

use super::api::{Stage, good};
use crate::random;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use viva_interview::spreadsheet::unescaped;

const NAMES: [&str; 5] = ["results", "scores", "candidates", "invitations", "audit"];
/// What a table program would compute, rewrite or cut, and a name over two lines of a cell.
const HOSTILE: [(&str, &str, &str); 4] = [
    ("=HYPERLINK(\"http://x\")", "110105194912310021", "13900139001"),
    ("赵 \"x\", ;y", "007", "+85298765432"),
    ("@SUM(A1)", "1E5", ""),
    ("＝李华", "3-4", "13900139000"),
];

impl Stage {
    /// One candidate who was interviewed, scored and told a result.
    async fn told(&mut self) {
        let mut browser = self.waiting(0).await;
        let _candidate = self.candidate(&mut browser).await;
        let (mut one, mut two) = (self.staff("examiner-1").await, self.staff("examiner-2").await);
        let mut host = self.staff("host").await;
        let seat = self.candidates[0].1.clone();
        host.act(json!({ "do": "call", "candidate": seat })).await.unwrap();
        host.act(json!({ "do": "go_to_stage", "stage": 1 })).await.unwrap();
        for (examiner, points) in [(&mut one, 9000), (&mut two, 7000)] {
            let points = json!({ "a": points, "b": 8000 });
            let save = json!({ "do": "save_scores", "candidate": seat, "points": points, "remark": "" });
            examiner.act(save).await.unwrap();
            examiner.act(json!({ "do": "submit_scores", "candidate": seat })).await.unwrap();
        }
        host.act(json!({ "do": "go_to_stage", "stage": 3 })).await.unwrap();
        let result = json!({ "do": "publish_result", "candidate": seat, "outcome": "拟录取", "points": 8000, "remark": "" });
        host.act(result).await.unwrap();
    }

    async fn add(&mut self, (name, number, phone): (&str, &str, &str)) {
        let path = format!("/api/admin/interviews/{}/candidates", self.interview);
        let body = json!({ "name": name, "number": number, "phone": phone, "password": null });
        good(self.administrator.post(&path, body).await);
    }

    async fn file(&self, name: &str) -> Vec<u8> {
        let path = format!("/api/admin/interviews/{}/{name}", self.interview);
        let answer = self.administrator.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// The cells of a CSV file, as they were before they were written.
    async fn table(&self, name: &str) -> Vec<Vec<String>> {
        cells(&self.file(name).await)
    }
}

fn cells(csv: &[u8]) -> Vec<Vec<String>> {
    let csv = csv.strip_prefix("\u{feff}".as_bytes()).unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    let row = |row: csv::StringRecord| row.iter().map(unescaped).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[tokio::test]
async fn results_are_told_in_the_time_zone_of_the_interview_and_in_one_language() {
    let mut stage = Stage::set(&[]).await;
    stage.told().await;
    let mut setup = super::api::setup();
    setup["time_zone"] = json!("Asia/Kolkata");
    let path = format!("/api/admin/interviews/{}", stage.interview);
    good(stage.administrator.ask(Method::PUT, &path, Some(setup)).await);
    let zh = stage.table("results.csv").await;
    assert_eq!(zh[0][..4], ["名次", "考号", "姓名", "平均分"]);
    assert_eq!(zh, stage.table("results.csv?lang=zh").await);
    let en = stage.table("results.csv?lang=en").await;
    let published = en[0].iter().position(|head| head == "Published at (Asia/Kolkata)").unwrap();
    assert_eq!(en[1][..8], ["1", "001", "考生001", "80.00", "12.00", "2", "拟录取", "80.00"]);
    assert!(en[1].contains(&"SMS code".to_owned()), "{en:?}");
    // The minute of another clock: half an hour beside that of UTC.
    let minutes = good(stage.administrator.get(&format!("{path}/minutes")).await);
    let told = minutes["candidates"][0]["result"]["published_at"].as_u64().unwrap();
    let local = crate::time_zone::TimeZone::of("Asia/Kolkata").minute(viva_interview::Time(told));
    assert!(en[1][published].starts_with(&local), "{} {local}", en[1][published]);
    assert_eq!(stage.administrator.get(&format!("{path}/results.csv?lang=fr")).await.0, 400);
    // Without a language, tables that programs read are as ever.
    assert_eq!(stage.table("scores.csv").await[0][0], "考号 number");
    assert_eq!(stage.table("scores.csv?lang=en").await[0][0], "Number");
}

#[tokio::test]
async fn who_had_the_codes_is_noted_and_minutes_tell_the_day_in_the_time_zone() {
    let mut stage = Stage::set(&[]).await;
    stage.told().await;
    let table = stage.table("invitations.csv?lang=en").await;
    assert_eq!(table[0], ["Number", "Name", "Phone", "Code", "Link", "Password", "Time (Beijing time)"]);
    let codes: Vec<&str> = table[1..].iter().map(|row| row[3].as_str()).collect();
    assert_eq!(codes, stage.candidates.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>());
    assert!(table[1][4].ends_with(&format!("/i#{}", codes[0])), "{:?}", table[1]);
    assert_eq!([&table[1][5], &table[2][5]], ["none", "set"]);
    let deeds = good(stage.administrator.get("/api/admin/audit").await);
    assert_eq!(deeds[0]["deed"], "invitations_exported", "{deeds}");
    assert_eq!(
        (&deeds[0]["actor"], &deeds[0]["interview"]),
        (&json!("administrator:root"), &json!(stage.interview))
    );

    let path = format!("/api/admin/interviews/{}/minutes", stage.interview);
    let minutes = good(stage.administrator.get(&path).await);
    assert_eq!(minutes["time_zone"], "Asia/Shanghai");
    let lines = minutes["candidates"][0]["lines"].as_array().unwrap();
    let whats: Vec<&str> = lines.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert!(
        whats.contains(&"identified") && whats.contains(&"called") && whats.contains(&"published"),
        "{whats:?}"
    );
    assert_eq!(minutes["candidates"][0]["scores"].as_array().map(Vec::len), Some(2));
    assert!(!minutes.to_string().contains("13800138001"), "no phone stands in the minutes");
    assert_eq!(Value::Null, minutes["candidates"][1]["result"]);
}

/// LibreOffice stands for the table programs of people: what it makes of each file is what the server wrote.
#[tokio::test]
async fn libre_office_reads_every_file_back_equal_times_of_the_time_zone_too() {
    let Some(office) = office() else {
        eprintln!(
            "SKIPPED: no soffice on this machine (apt-get install libreoffice-calc), so no file was opened by it"
        );
        return;
    };
    let mut stage = Stage::set(&[]).await;
    stage.told().await;
    for person in HOSTILE {
        stage.add(person).await;
    }
    let folder = env::temp_dir().join(format!("viva-office-{}", random::hex::<8>()));
    for (kind, filter) in
        [("csv", Some("--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")), ("xlsx", None)]
    {
        let (from, to) = (folder.join(kind), folder.join(format!("{kind}-read")));
        fs::create_dir_all(&from).unwrap();
        let mut wanted = Vec::new();
        for name in NAMES {
            fs::write(
                from.join(format!("{name}.{kind}")),
                stage.file(&format!("{name}.{kind}?lang=zh")).await,
            )
            .unwrap();
            wanted.push((name, stage.table(&format!("{name}.csv?lang=zh")).await));
        }
        convert(&office, filter, &folder.join("profile"), &from, &to);
        for (name, wanted) in wanted {
            let found = cells(&fs::read(to.join(format!("{name}.csv"))).unwrap());
            assert!(same(&found, &wanted), "{name}.{kind}: {found:?} is not {wanted:?}");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

/// Cell by cell the same text; of a figure with decimals the same number, of which a table program shows what is needed.
fn same(found: &[Vec<String>], wanted: &[Vec<String>]) -> bool {
    let number = |text: &str| text.contains('.').then(|| text.parse::<f64>().ok()).flatten();
    let cell = |(found, wanted): (&String, &String)| {
        found == wanted || number(wanted).is_some_and(|wanted| found.parse() == Ok(wanted))
    };
    let row = |(found, wanted): (&Vec<String>, &Vec<String>)| {
        found.len() == wanted.len() && found.iter().zip(wanted).all(cell)
    };
    found.len() == wanted.len() && found.iter().zip(wanted).all(row)
}

/// The program, where it is installed.
fn office() -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|path| path.join("soffice")).find(|path| path.is_file())
}

/// Opens all files of a folder as a person would, and writes what is shown as CSV.
fn convert(office: &Path, filter: Option<&str>, profile: &Path, from: &Path, to: &Path) {
    let files = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path());
    let done = Command::new(office)
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore"])
        .args(filter)
        .args(["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir"])
        .arg(to)
        .args(files)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
