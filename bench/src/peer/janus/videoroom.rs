//! What is said to Janus' videoroom, and what is read of its answers.

use crate::peer::Picture;
use serde_json::{Value, json};

/// People who may send in a room.
const SENDERS: usize = 10_000;

/// A stream of somebody else, as this bench names it: whose, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The publication's name.
    pub publication: String,
    /// The encoding, from the smallest; `None` for sound.
    pub substream: Option<u8>,
}

/// A stream that somebody receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it is.
    pub stream: Stream,
    /// Its media section.
    pub mid: String,
}

/// The name of what somebody sends in a media section.
pub fn publication(feed: &str, mid: &str) -> String {
    format!("{feed}/{mid}")
}

/// What somebody wants to receive.
pub fn streams(pictures: &[Picture], voices: &[String]) -> Vec<Stream> {
    let pictures = pictures.iter().map(|picture| Stream {
        publication: picture.publication.clone(),
        substream: Some(substream(picture.height)),
    });
    let voices = voices.iter().map(|voice| Stream { publication: voice.clone(), substream: None });
    pictures.chain(voices).collect()
}

/// The smallest encoding that fills a tile: there are 180, 360 and 720 lines.
const fn substream(height: u16) -> u8 {
    match height {
        0..=180 => 0,
        181..=360 => 1,
        _ => 2,
    }
}

/// Makes a room without limits.
pub fn create(room: &str) -> Value {
    json!({
        "request": "create",
        "room": room,
        "publishers": SENDERS,
        "bitrate": 0,
        "audiocodec": "opus",
        "videocodec": "vp8",
    })
}

/// Enters a room and sends what the offer says.
pub fn publish(room: &str, name: &str) -> Value {
    json!({ "request": "joinandconfigure", "ptype": "publisher", "room": room, "display": name })
}

/// Enters a room to receive.
pub fn subscribe(room: &str, streams: &[Stream]) -> Value {
    let wanted: Vec<Value> = streams.iter().map(wanted).collect();
    json!({ "request": "join", "ptype": "subscriber", "room": room, "streams": wanted })
}

fn wanted(stream: &Stream) -> Value {
    let (feed, mid) = stream.publication.rsplit_once('/').unwrap_or((&stream.publication, ""));
    let mut wanted = json!({ "feed": feed, "mid": mid });
    if let Some(substream) = stream.substream {
        wanted["substream"] = substream.into();
    }
    wanted
}

/// Begins to receive; goes with the answer.
pub fn start() -> Value {
    json!({ "request": "start" })
}

/// Takes other encodings of what is received already.
pub fn configure(changed: &[Received]) -> Value {
    let change = |received: &Received| json!({ "mid": received.mid, "substream": received.stream.substream });
    json!({ "request": "configure", "streams": changed.iter().map(change).collect::<Vec<_>>() })
}

/// A description of one's own; encodings are named from the smallest.
pub fn description(kind: &str, sdp: &str) -> Value {
    json!({ "type": kind, "sdp": sdp, "rid_order": "lmh" })
}

/// The name under which Janus knows who has entered.
///
/// # Errors
/// Where it gave none.
pub fn feed(data: &Value) -> Result<String, String> {
    data["id"].as_str().map(str::to_owned).ok_or_else(|| format!("Janus gave a sender no name: {data}"))
}

/// In which media sections the streams come that were asked for.
///
/// # Errors
/// Where one is missing.
pub fn received(data: &Value, streams: &[Stream]) -> Result<Vec<Received>, String> {
    let sections = data["streams"].as_array().map(Vec::as_slice).unwrap_or_default();
    let section = |stream: &Stream| {
        let own = sections.iter().find(|section| {
            let (feed, mid) = (section["feed_id"].as_str(), section["feed_mid"].as_str());
            feed.zip(mid).is_some_and(|(feed, mid)| publication(feed, mid) == stream.publication)
        });
        let mid = own.and_then(|section| section["mid"].as_str());
        let mid = mid.ok_or_else(|| format!("Janus does not send {}", stream.publication))?;
        Ok(Received { stream: stream.clone(), mid: mid.to_owned() })
    };
    streams.iter().map(section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Vec<Stream> {
        let picture = |name: &str, height| Picture { publication: name.to_owned(), height };
        streams(&[picture("a/1", 180), picture("b/1", 720)], &["b/0".to_owned()])
    }

    #[test]
    fn pictures_are_asked_for_by_encoding_and_voices_are_not() {
        let body = subscribe("room", &wanted());
        let expected = json!([
            { "feed": "a", "mid": "1", "substream": 0 },
            { "feed": "b", "mid": "1", "substream": 2 },
            { "feed": "b", "mid": "0" },
        ]);
        assert_eq!(body["streams"], expected);
    }

    #[test]
    fn sections_are_found_whatever_their_order() {
        let data = json!({ "streams": [
            { "mid": "0", "feed_id": "b", "feed_mid": "0" },
            { "mid": "1", "feed_id": "b", "feed_mid": "1" },
            { "mid": "2", "feed_id": "a", "feed_mid": "1" },
        ] });
        let received = received(&data, &wanted()).expect("all streams");
        let mids: Vec<&str> = received.iter().map(|received| received.mid.as_str()).collect();
        assert_eq!(mids, ["2", "1", "0"]);
        let body = configure(&received[1..2]);
        assert_eq!(body["streams"], json!([{ "mid": "1", "substream": 2 }]));
    }

    #[test]
    fn a_stream_that_does_not_come_is_named() {
        let data = json!({ "streams": [{ "mid": "0", "feed_id": "a", "feed_mid": "1" }] });
        assert_eq!(received(&data, &wanted()), Err("Janus does not send b/1".to_owned()));
    }
}
