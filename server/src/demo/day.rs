//! The day of the demo: its stages, criteria and questions, and who comes when.

use crate::{clock::now, institution::Institution};
use viva_interview::{
    Criterion, FaceUse, IdentityRules, InvalidText, LetsGo, PictureCodec, Points, Question, QuestionSet,
    SecondCamera, Setup, ShowsMean, Stage, StageKind, Time, USUAL_TIME_ZONE,
};

/// In milliseconds.
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// How long the demo's invitations hold.
const OPEN: u64 = 30 * 24 * HOUR;
/// From one candidate to the next.
const APART: u64 = 20 * MINUTE;

/// When the candidates are to come, of a day that is made at this moment: the first at the next full or half hour, the
/// others one after another.
pub fn times(made_at: Time) -> impl Iterator<Item = Time> {
    let first = made_at.0.next_multiple_of(HOUR / 2);
    (0..).map(move |turn| Time(first + turn * APART))
}

/// What the institution says of itself. Its SMS have the usual words, which say of a rehearsal and of a password where there is
/// one.
pub fn institution() -> Institution {
    Institution {
        institution: "示例大学".to_owned(),
        hotline: "400-000-0000".to_owned(),
        hotline_hours: "面谈当天全天".to_owned(),
        ..Institution::default()
    }
}

/// The interview itself; with faces it checks them.
///
/// # Errors
/// An id of a criterion is none.
pub fn setup(faces: bool) -> Result<Setup, InvalidText> {
    // The camera of `make demo-camera` plays a film, which does not know to which side it shall turn.
    let identity = if faces {
        IdentityRules { face: FaceUse::Once, turn: false, ..IdentityRules::default() }
    } else {
        IdentityRules::default()
    };
    // People open an interview at a whole minute.
    let minute = Time(now().0 / MINUTE * MINUTE);
    let stage = |name: &str, kind, minutes| Stage { name: name.to_owned(), kind, minutes };
    let criterion = |id: &str, name: &str, weight| {
        let (max, min) = (Points(10_000), Points(0));
        Ok::<_, InvalidText>(Criterion { id: id.parse()?, name: name.to_owned(), weight, max, min })
    };
    Ok(Setup {
        name: "2027 年硕士研究生复试（演示）".to_owned(),
        opens_at: Time(minute.0.saturating_sub(HOUR)),
        closes_at: minute.plus(OPEN),
        stages: vec![
            stage("候考", StageKind::Waiting, None),
            stage("宣讲", StageKind::Briefing, Some(5)),
            stage("面谈", StageKind::Interview, Some(20)),
            stage("评议", StageKind::Deliberation, Some(10)),
            stage("公布", StageKind::Announcement, Some(5)),
            stage("成绩确认", StageKind::Confirmation, Some(5)),
            stage("结束", StageKind::End, None),
        ],
        criteria: vec![
            criterion("knowledge", "专业知识", 50)?,
            criterion("thinking", "综合素质", 30)?,
            criterion("language", "外语能力", 20)?,
        ],
        second_camera: SecondCamera::Allowed,
        identity,
        pledge: None,
        picture_codec: PictureCodec::default(),
        lets_go: LetsGo::Finished,
        time_zone: USUAL_TIME_ZONE.to_owned(),
        shows_mean: ShowsMean::AllIn,
        questions: questions()?,
    })
}

/// Three sets of three questions: each with the criterion by which the answer tells most, and how long it may take.
fn questions() -> Result<Vec<QuestionSet>, InvalidText> {
    let sets = [
        (
            "A 组",
            [
                ("thinking", 3, "请用三分钟介绍您的研究计划。"),
                ("knowledge", 7, "这项研究最难的一步是什么？"),
                ("language", 5, "请用外语概括您读过的一篇论文。"),
            ],
        ),
        (
            "B 组",
            [
                ("thinking", 4, "请说明您为什么选择这个方向。"),
                ("knowledge", 6, "您如何检验一个结论是否可靠？"),
                ("language", 5, "请用外语谈谈您的本科毕业设计。"),
            ],
        ),
        (
            "C 组",
            [
                ("thinking", 4, "请讲一次您改变看法的经历，以及是什么说服了您。"),
                ("knowledge", 6, "请比较您用过的两种方法，它们各适合什么问题？"),
                ("language", 5, "请用外语介绍您研究方向上的一项新进展。"),
            ],
        ),
    ];
    let mut numbers = 1..;
    let mut question = |(criterion, minutes, text): (&str, u32, &str)| {
        let (id, text) = (numbers.next().unwrap_or_default(), text.to_owned());
        Ok(Question { id, text, minutes: Some(minutes), criterion: Some(criterion.parse()?) })
    };
    let set = |((name, asked), id): ((&str, [_; 3]), u32)| {
        let questions = asked.into_iter().map(&mut question).collect::<Result<_, InvalidText>>()?;
        Ok(QuestionSet { id, name: name.to_owned(), questions })
    };
    sets.into_iter().zip(1..).map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comes_at_the_next_half_hour_and_each_other_twenty_minutes_later() {
        let nine = 1_796_000_400_000 / HOUR * HOUR;
        let first = |at: u64| times(Time(at)).next().unwrap().0;
        assert_eq!(first(nine), nine);
        assert_eq!(first(nine + 1), nine + 30 * MINUTE);
        assert_eq!(first(nine + 30 * MINUTE), nine + 30 * MINUTE);
        assert_eq!(first(nine + 31 * MINUTE), nine + HOUR);
        let all: Vec<u64> = times(Time(nine)).take(12).map(|at| at.0).collect();
        assert!(all.windows(2).all(|two| two[1] - two[0] == APART));
        assert_eq!(all.len(), 12);
    }
}
