//! Damaged offers: an answer or an error with a reason, never a panic.

use super::*;

fn survives(text: &str, previous: Option<&Negotiated>) {
    match answer_with(text, BOTH, previous, "ours") {
        Ok(agreed) => {
            assert!(agreed.answer.starts_with("v=0\r\n"));
            // Nothing of the offer can smuggle a line of its own into the answer.
            assert!(agreed.answer.split("\r\n").all(|line| !line.contains(['\r', '\n'])));
            assert!(agreed.media.publications.iter().all(|publication| {
                (1..=crate::sdp::MAX_ENCODINGS).contains(&publication.encodings.len())
            }));
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty() && text.len() < 700, "{text}");
        }
    }
}

#[test]
fn any_truncation_survives() {
    for (_, offer) in FIXTURES {
        let step = 1 + offer.len() / 400;
        for end in (0..offer.len()).step_by(step) {
            survives(&offer[..end], None);
        }
    }
}

#[test]
fn any_missing_or_doubled_line_survives() {
    for name in ["chromium-room", "firefox-room", "chromium-sendrecv"] {
        let offer = fixture(name);
        let first = answer(offer).unwrap();
        let lines: Vec<&str> = offer.lines().collect();
        for index in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(index);
            survives(&fewer.join("\r\n"), Some(&first));
            let mut more = lines.clone();
            more.insert(index, lines[index]);
            survives(&more.join("\n"), None);
        }
    }
}

#[test]
fn random_damage_survives() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound.max(1) as u64) as usize
    };
    let spice = [
        ";",
        ",",
        ":",
        "=",
        "/",
        " ",
        "~",
        "\u{0}",
        "é",
        "-1",
        "99999999999999999999",
        "\r\n",
        "a=",
        "m=",
        "*",
        "\u{feff}",
    ];
    for round in 0..3_000 {
        let (_, offer) = FIXTURES[round % FIXTURES.len()];
        let mut lines: Vec<String> = offer.lines().map(str::to_owned).collect();
        for _ in 0..1 + random(4) {
            let index = random(lines.len());
            let other = lines[random(lines.len())].clone();
            let line = &mut lines[index];
            match random(4) {
                0 => *line = other,
                1 => {
                    let at = (0..=random(line.len() + 1).min(line.len()))
                        .rev()
                        .find(|at| line.is_char_boundary(*at));
                    line.insert_str(at.unwrap_or(0), spice[random(spice.len())]);
                }
                2 => {
                    let at = random(line.chars().count());
                    *line = line.chars().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c).collect();
                }
                _ => {
                    let to = spice[random(spice.len())];
                    *line = line.replacen(char::is_numeric, to, 1 + random(3));
                }
            }
        }
        survives(&lines.join("\r\n"), None);
    }
}

#[test]
fn the_longest_offers_are_answered_in_time() {
    let section =
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:m#\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n";
    let sections: String = (0..256).map(|n| section.replace('#', &n.to_string())).collect();
    let group: String = (0..256).map(|n| format!(" m{n}")).collect();
    let offer = small("").replace("BUNDLE v", &format!("BUNDLE{group}")).replace("m=video 9", "m=video 0")
        + &sections;
    assert_eq!(answer(&offer).unwrap().media.slots.len(), 256);
    let noise = format!("{}{}", small(""), "a=rtcp-fb:96 nack\r\n".repeat(12_000));
    assert!(answer(&noise).is_ok());
}

#[test]
fn a_control_character_within_a_line_is_refused() {
    for control in ['\r', '\u{b}', '\0', '\u{7f}', '\u{85}'] {
        let offer = small(&format!("m=application 9 UDP/DTLS/SCTP web{control}rtc\r\n"));
        let error = answer(&offer).expect_err("an answer would repeat it");
        assert_eq!(error.reason, crate::sdp::OfferReason::NoLine, "{control:?}");
    }
}
