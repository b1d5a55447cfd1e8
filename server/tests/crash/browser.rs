//! A browser over HTTP, whose server may be gone at any moment.

use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// Status and body of an answer; text that is no JSON as a string.
pub type Answer = (u16, Value);

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    base: String,
    cookies: BTreeMap<String, String>,
    http: Client,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        // A connection that is kept would fail with the server that it led to.
        let http = Client::builder().pool_max_idle_per_host(0).no_proxy().timeout(Duration::from_secs(20));
        Self { base: base.to_owned(), cookies: BTreeMap::new(), http: http.build().unwrap() }
    }

    /// The values of its cookies.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    /// The answer, if it has come.
    pub async fn get(&mut self, path: &str) -> Option<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Option<Answer> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Imports a table.
    pub async fn upload(&mut self, path: &str, table: &str) -> Option<Answer> {
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n{table}\r\n--edge--\r\n"
        );
        let request = self.request(Method::POST, path).body(body);
        self.send(request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")).await
    }

    /// What is to be seen at this address.
    pub async fn seen(&mut self, path: &str) -> Option<Value> {
        self.get(path).await.map(good)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.base));
        request.header("X-Viva", "1").header(header::COOKIE, cookies.join("; "))
    }

    async fn send(&mut self, request: RequestBuilder) -> Option<Answer> {
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = response.text().await.ok()?;
        assert!(status < 500, "{status} {text}");
        Some((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

/// What an answer of success says.
#[track_caller]
pub fn good((status, body): Answer) -> Value {
    assert!((200..300).contains(&status), "{status} {body}");
    body
}
