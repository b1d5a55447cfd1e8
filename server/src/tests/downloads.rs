//! The apps that people install, as they come from a folder and leave by HTTP.

use super::{
    client::{Client, server},
    pages::get,
};
use crate::{
    downloads::{Downloads, System},
    random,
    serve::Server,
};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Cursor, Read, Write},
    path::PathBuf,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// What the address of the server is in these tests.
const ADDRESS: &str = "https://exam.example.edu:8443";
const DEB: &str = "viva-app_0.1.0_all.deb";

/// A folder of a release; gone with the test.
struct Release(PathBuf);

impl Drop for Release {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Release {
    fn of(builds: &[(&str, &str, &[u8])]) -> Self {
        let release = Self(std::env::temp_dir().join(format!("viva-release-{}", random::hex::<8>())));
        fs::create_dir_all(&release.0).unwrap();
        let listed = builds.iter().map(|(system, file, data)| {
            fs::write(release.0.join(file), data).unwrap();
            json!({ "system": system, "file": file, "size": data.len(), "sha256": hash(data) })
        });
        release.list(listed.collect());
        release
    }

    fn list(&self, builds: Vec<Value>) {
        let list = json!({ "version": "0.1.0", "released_at": "2026-11-29T10:10:03Z", "commit": "c", "builds": builds });
        fs::write(self.0.join("builds.json"), list.to_string()).unwrap();
    }

    async fn server(&self) -> Server {
        server(&[("downloads_dir", self.0.to_str().unwrap()), ("public_url", ADDRESS)]).await
    }

    fn downloads(&self, address: &str) -> Downloads {
        Downloads::new(self.0.to_str().unwrap(), address)
    }
}

fn hash(data: &[u8]) -> String {
    digest(&SHA256, data).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, data) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn members(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(data)).unwrap();
    let read = |index: usize| {
        let mut member = archive.by_index(index).unwrap();
        let mut data = Vec::new();
        member.read_to_end(&mut data).unwrap();
        (member.name().unwrap().into_owned(), data)
    };
    (0..ZipArchive::new(Cursor::new(data)).unwrap().len()).map(read).collect()
}

async fn ask(server: &Server, path: &str, headers: &[(&'static str, &str)]) -> reqwest::Response {
    let mut request = reqwest::Client::new().get(format!("http://{}{path}", server.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_list_says_of_each_build_what_is_sent() {
    let setup = zipped(&[("Viva-Setup.exe", b"signed"), ("README.txt", b"read")]);
    let release = Release::of(&[("windows", "Viva.zip", &setup), ("linux_deb", DEB, b"a package")]);
    let server = release.server().await;
    let list: Value = get(&server, "/api/downloads").await.json().await.unwrap();
    assert_eq!((&list["version"], &list["released_at"]), (&json!("0.1.0"), &json!("2026-11-29T10:10:03Z")));
    assert_eq!(list["builds"].as_array().unwrap().len(), 2);
    for build in list["builds"].as_array().unwrap() {
        let path = format!("/downloads/{}", build["file"].as_str().unwrap());
        let response = get(&server, &path).await;
        let name = format!("attachment; filename=\"{}\"", build["file"].as_str().unwrap());
        assert_eq!(response.headers()["content-disposition"], name.as_str());
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let data = response.bytes().await.unwrap();
        assert_eq!(build["size"], data.len());
        assert_eq!(build["sha256"], hash(&data));
        let head = reqwest::Client::new().head(format!("http://{}{path}", server.address));
        let head = head.send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.content_length()), (200, Some(0)));
        assert_eq!(head.headers()["content-length"], data.len().to_string().as_str());
    }
}

#[tokio::test]
async fn without_a_release_nothing_is_listed() {
    let server = server(&[("downloads_dir", "/nowhere")]).await;
    let list: Value = get(&server, "/api/downloads").await.json().await.unwrap();
    assert_eq!(list, json!({ "version": null, "released_at": null, "builds": [] }));
    assert_eq!(get(&server, "/downloads/Viva.zip").await.status(), 404);
}

#[tokio::test]
async fn the_address_of_the_server_is_in_what_is_downloaded_and_the_setup_is_untouched() {
    let setup = zipped(&[("Viva-Setup.exe", b"signed"), ("README.txt", b"read")]);
    let app = zipped(&[("Viva.app/Contents/MacOS/viva", b"#!/bin/sh")]);
    let release = Release::of(&[("windows", "Viva.zip", &setup), ("macos", "Mac.zip", &app)]);
    let windows = async |address: &str| {
        let offer = release.downloads(address).offer().await;
        let build = offer.builds.iter().find(|build| build.system == System::Windows).unwrap();
        members(&build.data)
    };
    let named = |setup: &str, ini: &str| {
        let mut expected = vec![(setup, "signed"), ("README.txt", "read")];
        let ini = format!("[server]\r\naddress={ini}\r\n");
        expected.push(("viva.ini", &ini));
        expected.iter().map(|(name, data)| ((*name).to_owned(), data.as_bytes().to_vec())).collect::<Vec<_>>()
    };
    for (base, setup, address) in [
        (ADDRESS, "Viva-Setup@exam.example.edu_8443.exe", ADDRESS),
        ("https://Exam.Example.edu/", "Viva-Setup@exam.example.edu.exe", "https://exam.example.edu"),
        ("https://考试.example", "Viva-Setup@xn--hxt814e.example.exe", "https://xn--hxt814e.example"),
        ("http://localhost:8080", "Viva-Setup@localhost_8080.exe", "http://localhost:8080"),
        // Without a scheme, as in a name, this would be taken for http.
        ("https://localhost:8080", "Viva-Setup.exe", "https://localhost:8080"),
    ] {
        if base.contains('考') {
            assert!(windows(base).await[0].0.starts_with("Viva-Setup@xn--"), "{base}");
        } else {
            assert_eq!(windows(base).await, named(setup, address), "{base}");
        }
    }
    // What the apps do not take is not put in.
    for base in ["http://exam.example.edu", "https://[2001:db8::1]", "https://a_b.example", "nonsense", ""] {
        assert_eq!(windows(base).await.len(), 2, "{base}");
    }
    let offer = release.downloads(ADDRESS).offer().await;
    let mac = members(&offer.builds.iter().find(|build| build.system == System::Macos).unwrap().data);
    assert_eq!(
        mac[1],
        ("Viva.app/Contents/Resources/server".to_owned(), format!("{ADDRESS}\n").into_bytes())
    );
    assert_eq!(*offer, *release.downloads(ADDRESS).offer().await, "the same bytes each time");
}

#[tokio::test]
async fn a_part_is_sent_where_one_is_asked_for() {
    let data: Vec<u8> = (0..=255).collect();
    let release = Release::of(&[("linux_deb", DEB, &data)]);
    let server = release.server().await;
    let path = format!("/downloads/{DEB}");
    let tag = format!("\"{}\"", hash(&data));
    for (range, start, end) in [
        ("bytes=0-9", 0, 9),
        ("bytes=250-", 250, 255),
        ("bytes=-6", 250, 255),
        ("bytes=250-9999", 250, 255),
        ("bytes=255-255", 255, 255),
    ] {
        let response = ask(&server, &path, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(response.status(), 206, "{range}");
        assert_eq!(response.headers()["content-range"], format!("bytes {start}-{end}/256").as_str());
        assert_eq!(response.bytes().await.unwrap(), data[start..=end], "{range}");
    }
    let beyond = ask(&server, &path, &[("range", "bytes=256-")]).await;
    assert_eq!(
        (beyond.status().as_u16(), &beyond.headers()["content-range"]),
        (416, &"bytes */256".parse().unwrap())
    );
    let many = format!("bytes={}", vec!["0-0"; 1000].join(","));
    for range in ["bytes=0-1,5-6", "nonsense", "bytes=", "lines=1-2", "bytes=a-b", many.as_str()] {
        let response = ask(&server, &path, &[("range", range)]).await;
        assert!([200, 416].contains(&response.status().as_u16()), "{range}");
    }
    let older = ask(&server, &path, &[("range", "bytes=0-9"), ("if-range", "\"another\"")]).await;
    assert_eq!(older.bytes().await.unwrap(), data);
    for known in [tag.as_str(), &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
        let same = ask(&server, &path, &[("if-none-match", known)]).await;
        assert_eq!((same.status().as_u16(), same.bytes().await.unwrap().len()), (304, 0), "{known}");
    }
}

#[tokio::test]
async fn downloads_are_counted_where_they_begin() {
    let release = Release::of(&[("linux_deb", DEB, b"a package"), ("linux_rpm", "b.rpm", b"b")]);
    let server = release.server().await;
    let path = format!("/downloads/{DEB}");
    for range in ["bytes=0-3", "bytes=4-", "bytes=99-"] {
        ask(&server, &path, &[("range", range)]).await;
    }
    ask(&server, &path, &[]).await;
    get(&server, "/downloads/none.deb").await;
    let operator = format!("Bearer {}", server.app.metrics_token);
    let metrics = ask(&server, "/metrics", &[("authorization", &operator)]).await.text().await.unwrap();
    assert!(metrics.contains("viva_downloads_total{system=\"linux_deb\"} 2"), "{metrics}");
    assert!(!metrics.contains("viva_downloads_total{system=\"linux_rpm\""), "{metrics}");
}

#[tokio::test]
async fn nothing_but_the_listed_builds_can_be_had() {
    let release = Release::of(&[("linux_deb", DEB, b"a package")]);
    fs::write(release.0.join("other.deb"), b"not listed").unwrap();
    let server = release.server().await;
    let long = "x".repeat(5000);
    for name in [
        "",
        "builds.json",
        "other.deb",
        "..",
        ".",
        "%2e%2e",
        "..%2fbuilds.json",
        "%2fetc%2fpasswd",
        "..%5cx",
        "%00",
        "%ff%fe",
        "viva-app_0.1.0_all.deb%00",
        "viva-app_0.1.0_all.deb/",
        "VIVA-APP_0.1.0_ALL.DEB",
        &long,
    ] {
        // As it is: a client would resolve the dots.
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /downloads/{name} HTTP/1.1\r\nhost: viva\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404 "), "{name}: {answer}");
    }
    assert_eq!(get(&server, &format!("/downloads/{DEB}")).await.status(), 200);
    let post = reqwest::Client::new().post(format!("http://{}/downloads/{DEB}", server.address));
    assert_eq!(post.send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_list_of_nonsense_offers_what_is_sound_in_it() {
    let release = Release::of(&[("linux_deb", DEB, b"a package"), ("linux_rpm", "b.rpm", b"b")]);
    let sound = json!({ "system": "linux_deb", "file": DEB, "sha256": hash(b"a package") });
    let with = |change: Value| {
        let mut build = json!({ "system": "linux_rpm", "file": "b.rpm", "sha256": hash(b"b") });
        build.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        build
    };
    let passwd = fs::read("/etc/passwd").unwrap();
    release.list(vec![
        json!(7),
        with(json!({ "system": "toaster" })),
        with(json!({ "sha256": hash(b"another") })),
        with(json!({ "file": "gone.rpm" })),
        with(json!({ "file": "../../etc/passwd", "sha256": hash(&passwd) })),
        with(json!({ "file": "/etc/passwd", "sha256": hash(&passwd) })),
        with(json!({ "file": "b\".rpm" })),
        // No zip, for a system whose builds are zips.
        with(json!({ "system": "windows" })),
        sound.clone(),
        sound,
    ]);
    let files = async || -> Vec<String> {
        release.downloads(ADDRESS).offer().await.builds.iter().map(|build| build.file.clone()).collect()
    };
    assert_eq!(files().await, [DEB]);
    for list in ["", "[]", "{", r#"{"version":"<b>","released_at":"2026","builds":[]}"#] {
        fs::write(release.0.join("builds.json"), list).unwrap();
        assert_eq!(files().await, Vec::<String>::new(), "{list}");
    }
    fs::write(release.0.join("builds.json"), " ".repeat(70_000)).unwrap();
    assert_eq!(files().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_new_release_is_offered_and_a_vanished_one_is_not() {
    let release = Release::of(&[("linux_deb", DEB, b"a package")]);
    let downloads = release.downloads(ADDRESS);
    let (now, after) = (tokio::time::Instant::now(), Duration::from_secs);
    let before = downloads.offer_at(now).await;
    assert_eq!(before.builds.len(), 1);
    // A build that vanishes under a download is in memory as long as the list names it.
    fs::remove_file(release.0.join(DEB)).unwrap();
    assert_eq!(downloads.offer_at(now + after(3)).await, before);

    fs::write(release.0.join("b.rpm"), b"b").unwrap();
    release.list(vec![json!({ "system": "linux_rpm", "file": "b.rpm", "sha256": hash(b"b") })]);
    assert_eq!(
        downloads.offer_at(now + after(4)).await,
        before,
        "the folder is not looked at for each request"
    );
    assert_eq!(downloads.offer_at(now + after(6)).await.builds[0].file, "b.rpm");

    fs::remove_dir_all(&release.0).unwrap();
    assert_eq!(downloads.offer_at(now + after(9)).await.builds, []);
    assert_eq!(before.builds[0].data, b"a package"[..]);
}

#[tokio::test]
async fn two_hundred_who_download_from_one_address_keep_nobody_from_joining() {
    let data = vec![7; 4 << 20];
    let release = Release::of(&[("linux_deb", DEB, &data)]);
    let server = release.server().await;
    let mut downloads = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /downloads/{DEB} HTTP/1.1\r\nhost: viva\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        // The head of the answer is there: each of them is under way, and reads no further for now.
        assert_eq!(stream.read_u8().await.unwrap(), b'H');
        downloads.push(stream);
    }
    // While none of them has ended, and all wait for who reads them.
    for name in ["a", "b", "c", "d", "e"] {
        Client::joined(&server, name).await;
    }
    let reading: Vec<_> = downloads
        .into_iter()
        .map(|mut stream| {
            tokio::spawn(async move {
                let (mut read, mut buffer) = (0, vec![0; 16 << 10]);
                while read < 4 << 20 {
                    match stream.read(&mut buffer).await.unwrap() {
                        0 => break,
                        more => read += more,
                    }
                }
                read
            })
        })
        .collect();
    for one in reading {
        assert!(one.await.unwrap() >= 4 << 20);
    }
}
