//! What tokens are taken: our own, and those of other libraries.

use super::*;

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

fn claims() -> Claims {
    Claims {
        room: "demo".to_owned(),
        name: "考生 张三".to_owned(),
        identity: "candidate-7".to_owned(),
        seat: None,
        second_camera: None,
        mark: None,
        codec: None,
        publish: true,
        subscribe: true,
        expires: 1_000,
    }
}

#[test]
fn a_token_says_what_was_signed_until_it_expires() {
    let key = Key::new(SECRET).unwrap();
    let token = key.sign(&claims()).unwrap();
    assert_eq!(key.verify(&token, 999), Ok(claims()));
    assert_eq!(key.verify(&token, 1_000), Err(ErrorCode::Unauthorized));
    assert_eq!(key.verify(&token, u64::MAX), Err(ErrorCode::Unauthorized));
}

#[test]
fn a_token_of_another_secret_or_changed_in_any_byte_is_refused() {
    let key = Key::new(SECRET).unwrap();
    let token = key.sign(&claims()).unwrap();
    let other = Key::new(b"another secret, and long enough too").unwrap();
    assert_eq!(other.verify(&token, 0), Err(ErrorCode::Unauthorized));
    for index in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(key.verify(&changed, 0), Err(ErrorCode::Unauthorized), "byte {index}");
        assert_eq!(key.verify(&token[..index], 0), Err(ErrorCode::Unauthorized), "cut at {index}");
    }
}

#[test]
fn a_seat_is_named_by_its_id_in_an_interview_that_is_named_by_its_own() {
    let key = Key::new(SECRET).unwrap();
    let with = |room: &str, seat: &str| {
        let seat = Some(seat.to_owned());
        key.sign(&Claims { room: room.to_owned(), seat, ..claims() }).map(|_| ())
    };
    assert_eq!(with("0123456789abcdef", "fedcba9876543210"), Ok(()));
    for (room, seat) in [("demo", "fedcba9876543210"), ("0123456789abcdef", "7"), ("0123456789ABCDEF", "0")] {
        assert_eq!(with(room, seat), Err(InvalidClaim("seat")), "{room} {seat}");
    }
}

#[test]
fn a_second_camera_belongs_to_a_seat() {
    let key = Key::new(SECRET).unwrap();
    let seat = Some("fedcba9876543210".to_owned());
    let claims = Claims { room: "0123456789abcdef".to_owned(), second_camera: Some(1), ..claims() };
    assert_eq!(key.sign(&claims), Err(InvalidClaim("second_camera")));
    assert!(key.sign(&Claims { seat, ..claims }).is_ok());
}

#[test]
fn no_other_algorithm_is_taken() {
    let key = Key::new(SECRET).unwrap();
    // {"alg":"none","typ":"JWT"} and the claims without a signature.
    let payload = key.sign(&claims()).unwrap().split('.').nth(1).unwrap().to_owned();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
    assert_eq!(key.verify(&none, 0), Err(ErrorCode::Unauthorized));
    let longer =
        jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims(), &EncodingKey::from_secret(SECRET));
    assert_eq!(key.verify(&longer.unwrap(), 0), Err(ErrorCode::Unauthorized));
}

#[test]
fn a_token_of_another_library_is_read() {
    // Made with Python's hmac: header {"typ":"JWT","alg":"HS256"}, claims in another order, one unknown claim.
    let token = concat!(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
        "eyJleHAiOjUwMDAsImlzcyI6InNjaG9vbCIsInN1YiI6ImV4YW1pbmVyLTEiLCJuYW1lIjoiTGkiLCJyb29tIjoiYSIsInN1YnNjcmliZSI6dHJ1ZX0.",
        "9aJ1SlT4e1v9ydjpYtfjz_0NHT9MS7ze6mysalbG7EI"
    );
    let key = Key::new(SECRET).unwrap();
    let claims = key.verify(token, 4_999).unwrap();
    assert_eq!((claims.identity.as_str(), claims.publish, claims.subscribe), ("examiner-1", false, true));
}

#[test]
fn secrets_and_texts_have_limits() {
    assert_eq!(Key::new(&SECRET[1..]).map(|_| ()), Err(WeakSecret));
    let key = Key::new(SECRET).unwrap();
    let with = |name: &str| key.sign(&Claims { name: name.to_owned(), ..claims() }).map(|_| ());
    assert_eq!(with(&"字".repeat(64)), Ok(()));
    for name in ["", "  ", "a\nb", "a\u{202e}b", &"字".repeat(65)] {
        assert_eq!(with(name), Err(InvalidClaim("name")), "{name:?}");
    }
    assert_eq!(key.sign(&Claims { room: String::new(), ..claims() }), Err(InvalidClaim("room")));
    // A foreign signer with the right secret is held to the same limits.
    let long = Claims { identity: "x".repeat(65), ..claims() };
    let token =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &long, &EncodingKey::from_secret(SECRET));
    assert_eq!(key.verify(&token.unwrap(), 0), Err(ErrorCode::Unauthorized));
    assert_eq!(key.verify(&"a.".repeat(MAX_TOKEN), 0), Err(ErrorCode::Unauthorized));
}

/// A token with these claims, as a foreign library would sign it.
fn foreign(claims: &str) -> String {
    let claims: Value = serde_json::from_str(claims).unwrap();
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET)).unwrap()
}

/// The claims of a good token with these beside them, or instead of them.
fn with(changes: &str) -> String {
    let mut claims: serde_json::Map<String, Value> =
        serde_json::from_str(r#"{"room":"a","name":"Li","sub":"x","publish":true,"exp":5000}"#).unwrap();
    let changes: serde_json::Map<String, Value> = serde_json::from_str(changes).unwrap();
    claims.extend(changes);
    foreign(&Value::Object(claims).to_string())
}

fn verified(token: &str, now: u64) -> Option<Claims> {
    Key::new(SECRET).unwrap().verify(token, now).ok()
}

#[test]
fn a_token_is_good_from_its_begin_to_its_end() {
    let token = with(r#"{"nbf":3000}"#);
    for (now, good) in
        [(0, false), (3000 - LEEWAY - 1, false), (3000 - LEEWAY, true), (4999, true), (5000, false)]
    {
        assert_eq!(verified(&token, now).is_some(), good, "{now}");
    }
    assert!(
        verified(&with(r#"{"nbf":"soon"}"#), 100).is_none(),
        "one that cannot be read narrows all the same"
    );
    assert!(verified(&with(r#"{"nbf":null}"#), 100).is_some());
}

#[test]
fn a_token_that_is_good_for_ever_is_not_taken() {
    assert!(verified(&foreign(r#"{"room":"a","name":"Li","sub":"x","publish":true}"#), 100).is_none());
    for endless in
        ["null", "\"never\"", "{}", "-1", "1e300", "18446744073709551615", "\"\"", "true", "[5000]"]
    {
        assert!(verified(&with(&format!(r#"{{"exp":{endless}}}"#)), 100).is_none(), "{endless}");
    }
    let now = 1_800_000_000;
    let ends = |seconds: u64| with(&format!(r#"{{"exp":{}}}"#, now + seconds));
    assert!(verified(&ends(HORIZON), now).is_some());
    assert!(verified(&ends(HORIZON + 1), now).is_none());
}

#[test]
fn moments_are_read_as_libraries_write_them() {
    let now = 1_800_000_000;
    for exp in ["1800000060", "1800000060.75", "\"1800000060\"", "1800000060000", "1.80000006e9"] {
        let claims = verified(&with(&format!(r#"{{"exp":{exp}}}"#)), now).unwrap_or_else(|| panic!("{exp}"));
        assert_eq!(claims.expires, 1_800_000_060, "{exp}");
    }
    // Of milliseconds too the end counts.
    assert!(verified(&with(r#"{"exp":1800000060000}"#), now + 60).is_none());
    assert!(verified(&with(r#"{"exp":1800000060,"nbf":1800000050000}"#), now).is_none());
}

#[test]
fn one_odd_claim_neither_refuses_a_good_token_nor_widens_it() {
    let plain = verified(&with("{}"), 100).unwrap();
    for odd in [
        r#"{"iat":1.5,"jti":7,"iss":["a","b"],"scope":{"x":[1]}}"#,
        r#"{"seat":null,"second_camera":null}"#,
        r#"{"aud":"viva"}"#,
        r#"{"aud":["portal","viva"]}"#,
        r#"{"aud":null}"#,
        r#"{"subscribe":null}"#,
        r#"{"subscribe":"true"}"#,
        r#"{"subscribe":1}"#,
    ] {
        assert_eq!(verified(&with(odd), 100).as_ref(), Some(&plain), "{odd}");
    }
    let numbers = verified(&with(r#"{"sub":42,"room":7}"#), 100).unwrap();
    assert_eq!((numbers.identity.as_str(), numbers.room.as_str()), ("42", "7"));
    for narrow in [
        r#"{"aud":"portal"}"#,
        r#"{"aud":["portal"]}"#,
        r#"{"aud":[]}"#,
        r#"{"aud":7}"#,
        r#"{"aud":{"viva":true}}"#,
        r#"{"seat":7}"#,
        r#"{"seat":"x"}"#,
        r#"{"second_camera":"1"}"#,
        r#"{"second_camera":1}"#,
        r#"{"room":null}"#,
        r#"{"room":["a"]}"#,
        r#"{"sub":null}"#,
        r#"{"sub":1.5}"#,
        r#"{"name":""}"#,
    ] {
        assert_eq!(verified(&with(narrow), 100), None, "{narrow}");
    }
}

#[test]
fn what_is_said_twice_or_declared_critical_is_refused() {
    let sign = |header: &Header, claims: &[(&str, Value)]| {
        struct InOrder<'a>(&'a [(&'a str, Value)]);
        impl Serialize for InOrder<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
            }
        }
        jsonwebtoken::encode(header, &InOrder(claims), &EncodingKey::from_secret(SECRET)).unwrap()
    };
    let good = [("room", "a".into()), ("name", "Li".into()), ("sub", "x".into()), ("exp", 5000.into())];
    let bare = Header { typ: None, ..Header::default() };
    assert!(verified(&sign(&bare, &good), 100).is_some(), "no typ");
    let access = Header { typ: Some("at+jwt".to_owned()), kid: Some("1".to_owned()), ..Header::default() };
    assert!(verified(&sign(&access, &good), 100).is_some());
    let critical = Header { crit: Some(vec!["x".to_owned()]), ..Header::default() };
    assert!(verified(&sign(&critical, &good), 100).is_none());
    for again in [("room", Value::from("b")), ("exp", 9000.into()), ("nbf", 1.into())] {
        let twice: Vec<_> = good.iter().cloned().chain([("nbf", 0.into()), again.clone()]).collect();
        assert!(verified(&sign(&bare, &twice), 100).is_none(), "{again:?}");
    }
}
