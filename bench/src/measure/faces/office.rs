//! The office of an interview that checks faces: its administrator, its candidates with photos, and what their cameras see.

use crate::peer::Web;
use image::{RgbImage, codecs::jpeg::JpegEncoder};
use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};
use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Where the set-up of tests puts photos.
const PHOTOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.cache/faces/photos");
/// The photo that everybody has registered, and the one that everybody's camera sees: the same person.
const REFERENCE: &str = "obama3.jpg";
const CAMERA: &str = "obama.jpg";
/// Where the face is in that, and how high, as parts of the photo.
const FACE: (f32, f32, f32) = (0.533, 0.224, 0.29);
/// Of a frame of the page.
const SIZE: (u32, u32) = (480, 360);
/// As the page takes its pictures.
const QUALITY: u8 = 85;

/// A server that somebody administers.
pub struct Office {
    base: String,
    http: Client,
    cookie: String,
}

impl Office {
    /// Becomes the first administrator, with the code of the log.
    pub async fn open(web: &Web) -> Result<Self, String> {
        let log = fs::read_to_string(&web.log).map_err(|error| error.to_string())?;
        let code = log.split("code=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let code = code.ok_or("the server's log has no code for a first administrator")?.trim_matches('"');
        let http = Client::builder().build().map_err(|error| error.to_string())?;
        let mut office = Self { base: format!("http://{}", web.address), http, cookie: String::new() };
        let body =
            json!({ "code": code, "account": "bench", "name": "bench", "password": "correct horse battery" });
        office.cookie = office.entered("/api/session/first", &body, "").await?.1;
        Ok(office)
    }

    /// Makes an interview with so many candidates who have consented; the cookie of each.
    pub async fn invite(&self, candidates: usize) -> Result<Vec<String>, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        let stage = |name: &str, kind: &str| json!({ "name": name, "kind": kind, "minutes": null });
        let setup = json!({
            "name": "bench", "opens_at": now - 1000, "closes_at": now + 3_600_000,
            "stages": [stage("wait", "waiting"), stage("interview", "interview"), stage("end", "end")],
            "criteria": [{ "id": "a", "name": "a", "weight": 100, "max": 10000, "min": 0 }],
            "second_camera": "off",
            "identity": { "face": "once", "attempts": 10, "turn": true },
        });
        let made =
            self.told(self.asks(Method::POST, "/api/admin/interviews", &self.cookie).json(&setup)).await?;
        let path = format!("/api/admin/interviews/{}/candidates", made["id"].as_str().unwrap_or_default());
        let photo =
            fs::read(format!("{PHOTOS}/{REFERENCE}")).map_err(|error| format!("{REFERENCE}: {error}"))?;
        let mut cookies = Vec::new();
        for number in 0..candidates {
            let body = json!({ "name": format!("candidate {number}"), "number": number.to_string(), "phone": "", "password": null });
            let made = self.told(self.asks(Method::POST, &path, &self.cookie).json(&body)).await?;
            let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
            let put = self.asks(Method::PUT, &format!("{path}/{}/photo", text("seat")), &self.cookie);
            self.told(put.header(header::CONTENT_TYPE, "image/jpeg").body(photo.clone())).await?;
            let code = json!({ "code": text("code") });
            let cookie = self.entered("/api/candidate/invitation", &code, "").await?.1;
            let terms = self.told(self.asks(Method::GET, "/api/candidate/identity/face", &cookie)).await?;
            if terms["ready"] != true {
                return Err(
                    "the server has no models: `make setup` fetches them into .cache/faces".to_owned()
                );
            }
            let given = json!({ "version": terms["version"], "kept_days": terms["kept_days"], "verifier": terms["verifier"], "given": true });
            self.told(self.asks(Method::POST, "/api/candidate/identity/consent", &cookie).json(&given))
                .await?;
            cookies.push(cookie);
        }
        Ok(cookies)
    }

    fn asks(&self, method: Method, path: &str, cookie: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request.header("X-Viva", "1").header(header::COOKIE, cookie)
    }

    async fn told(&self, request: RequestBuilder) -> Result<Value, String> {
        let response = request.send().await.map_err(|error| error.to_string())?;
        let (status, url) = (response.status(), response.url().clone());
        let text = response.text().await.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{url}: {status}: {text}"));
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// What comes of it, and the cookie that came along.
    async fn entered(&self, path: &str, body: &Value, cookie: &str) -> Result<(Value, String), String> {
        let request = self.asks(Method::POST, path, cookie).json(body);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let given = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.split(';').next()).unwrap_or_default().to_owned();
        let status = response.status();
        let text = response.text().await.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{path}: {status}: {text}"));
        }
        Ok((serde_json::from_str(&text).unwrap_or_default(), given))
    }
}

/// Frames as the page sends them, of somebody who looks ahead: the face in the middle, moved by a little each.
pub fn face_frames() -> Result<Vec<Vec<u8>>, String> {
    let photo = fs::read(format!("{PHOTOS}/{CAMERA}"));
    let photo = photo.map_err(|error| format!("{CAMERA}: {error}; `make setup` fetches it"))?;
    let photo = image::load_from_memory(&photo).map_err(|fault| fault.to_string())?.into_rgb8();
    (0..4).map(|moved| frame(&photo, moved as f32)).collect()
}

fn frame(photo: &RgbImage, moved: f32) -> Result<Vec<u8>, String> {
    let (width, height) = SIZE;
    let (wide, high) = (photo.width() as f32, photo.height() as f32);
    let scale = FACE.2 * high * 2.0 / height as f32;
    let mut rgb = Vec::new();
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let from_x = FACE.0 * wide + (x as f32 - width as f32 / 2.0 + moved) * scale;
        let from_y = FACE.1 * high + (y as f32 - height as f32 / 2.0) * scale;
        let inside = from_x >= 0.0 && from_y >= 0.0 && from_x < wide && from_y < high;
        let at = (from_y as usize * photo.width() as usize + from_x as usize) * 3;
        rgb.extend_from_slice(photo.as_raw().get(at..at + 3).filter(|_| inside).unwrap_or(&[120; 3]));
    }
    let picture = RgbImage::from_raw(width, height, rgb).ok_or("a frame of another size")?;
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    picture.write_with_encoder(encoder).map_err(|error| error.to_string())?;
    Ok(jpeg)
}
