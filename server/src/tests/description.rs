//! The description of the HTTP API: every address, who may ask, what comes back, what it refuses with.

use super::{
    api::{Browser, good},
    client::server,
};
use serde_json::Value;
use std::collections::BTreeSet;
use viva_signaling::message::ErrorCode;

async fn document() -> Value {
    let server = server(&[]).await;
    good(Browser::new(&server).get("/api/openapi.json").await)
}

/// Every operation under `/api` by method and path.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/"));
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    all.collect()
}

#[tokio::test]
async fn the_description_of_the_api_names_every_address() {
    let document = document().await;
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/settings",
        "/api/candidate/invitation",
        "/api/second-camera",
        "/api/session",
        "/api/seats/{seat}/token",
        "/api/connection-test",
        "/api/downloads",
        "/downloads/{file}",
        "/api/admin/interviews/{id}/candidates/import",
        "/api/admin/outbox",
        "/readyz",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert_eq!(super::api::code(Browser::new(&server(&[]).await).get("/api/nothing").await), "not_found");
}

#[tokio::test]
async fn every_refusal_is_described_by_the_codes_of_its_status() {
    let document = document().await;
    for (method, path, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let status: u16 = status.parse().unwrap();
            if status < 400 {
                continue;
            }
            let schema = &response["content"]["application/json"]["schema"]["allOf"];
            assert_eq!(schema[0]["$ref"], "#/components/schemas/Problem", "{method} {path} {status}");
            let codes = schema[1]["properties"]["code"]["enum"].as_array().unwrap();
            assert!(!codes.is_empty());
            for code in codes {
                let known = ErrorCode::ALL.iter().find(|known| known.code() == code).unwrap();
                assert_eq!(known.status(), status, "{method} {path} {code}");
            }
        }
    }
}

#[tokio::test]
async fn every_operation_says_who_may_ask_and_how() {
    let document = document().await;
    let ids: BTreeSet<&str> = operations(&document)
        .iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations(&document).len(), "each has a name of its own");
    let has =
        |operation: &Value, code: &str| operation["responses"].to_string().contains(&format!("\"{code}\""));
    for (method, path, operation) in operations(&document) {
        let guarded = operation["parameters"].to_string().contains("X-Viva");
        assert_eq!(guarded, method != "get", "{method} {path}");
        let scheme = operation["security"][0].as_object().and_then(|known| known.keys().next());
        let forbidden = has(operation, "forbidden");
        assert!(forbidden || !guarded && !path.starts_with("/api/admin/"), "{method} {path}");
        assert!(!forbidden || guarded || scheme.is_some(), "forbidden to nobody known: {method} {path}");
        if path.starts_with("/api/admin/") {
            assert_eq!(scheme.map(String::as_str), Some("staff"), "{method} {path}");
        }
        if let Some(scheme) = scheme {
            assert!(document["components"]["securitySchemes"][scheme].is_object(), "{scheme}");
            assert!(has(operation, "unauthorized"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn parameters_stand_where_they_say_and_every_reference_leads_somewhere() {
    let document = document().await;
    for (method, path, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let named = path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap()));
            assert_eq!(named, parameter["in"] == "path", "{method} {path} {parameter}");
        }
    }
    let text = document.to_string();
    for target in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(target).is_some(), "{target}");
    }
}

#[tokio::test]
async fn every_content_has_its_shape() {
    let document = document().await;
    for (method, path, operation) in
        operations(&document).into_iter().filter(|(_, path, _)| *path != "/api/openapi.json")
    {
        let answers = operation["responses"].as_object().unwrap().values();
        for part in answers.chain([&operation["requestBody"]]) {
            for (kind, content) in part["content"].as_object().into_iter().flatten() {
                let schema = &content["schema"];
                let named = ["$ref", "allOf", "oneOf", "items", "contentMediaType"]
                    .iter()
                    .any(|key| !schema[key].is_null());
                assert!(named || schema["type"] == "string", "{method} {path} {kind} {schema}");
            }
        }
    }
}
