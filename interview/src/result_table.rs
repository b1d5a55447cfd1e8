//! The table of results for export: one row a candidate, with mean and rank, outcome and confirmation.

use crate::{
    Cell, Interview, Method, Points, SeatId, Table, candidate::Candidate, score::mean, wording::Wording,
};

/// What examiners gave a candidate, once all of them have handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The mean of their totals, halves rounded up.
    pub(crate) mean: Points,
    /// The largest total less the smallest.
    pub(crate) spread: Points,
    /// By the mean, from 1; equals share a rank, and the next one comes after all of them.
    pub(crate) rank: usize,
}

impl Interview {
    /// One row a candidate, in the order of the queue.
    pub fn result_table(&self, wording: &Wording<'_>) -> Table {
        let means: Vec<Points> =
            self.queue.iter().filter_map(|seat| Some(mean_and_spread(&self.totals(seat))?.0)).collect();
        let row = |seat| {
            let candidate = self.candidates.get(&seat)?;
            Some(self.result_row(seat, candidate, self.mark(seat, &means), wording))
        };
        Table { headings: headings(wording), rows: self.queue.iter().filter_map(row).collect() }
    }

    /// The totals that examiners gave a candidate; none before all of them have handed in.
    fn totals(&self, seat: SeatId) -> Vec<Points> {
        if self.scores_are_open(seat) { self.submitted_totals(seat).collect() } else { Vec::new() }
    }

    fn mark(&self, seat: SeatId, means: &[Points]) -> Option<Mark> {
        let (mean, spread) = mean_and_spread(&self.totals(seat))?;
        Some(Mark { mean, spread, rank: 1 + means.iter().filter(|other| **other > mean).count() })
    }

    fn result_row(
        &self,
        seat: SeatId,
        candidate: &Candidate,
        mark: Option<Mark>,
        wording: &Wording<'_>,
    ) -> Vec<Cell> {
        let told = candidate.results.told();
        let withdrawn = candidate.results.withdrawn();
        let verdict = told.map(|told| &told.verdict);
        let text = |text: Option<&str>| Cell::Text(text.unwrap_or_default().to_owned());
        let points =
            |points: Option<Points>| Cell::Figure(points.map_or_else(String::new, |p| p.to_string()));
        let proof = candidate.admission.proof();
        vec![
            Cell::Figure(mark.map_or_else(String::new, |mark| mark.rank.to_string())),
            text(Some(&candidate.number)),
            text(Some(&candidate.name)),
            points(mark.map(|mark| mark.mean)),
            points(mark.map(|mark| mark.spread)),
            Cell::Figure(self.scores.submitted(seat).count().to_string()),
            text(verdict.map(|verdict| &*verdict.outcome)),
            points(verdict.and_then(|verdict| verdict.points)),
            text(verdict.map(|verdict| &*verdict.remark)),
            wording.time(told.map(|told| told.at)),
            text(told.and_then(|told| told.correction.as_deref())),
            wording.time(candidate.results.confirmed_at()),
            wording.time(withdrawn.map(|withdrawal| withdrawal.at)),
            text(withdrawn.map(|withdrawal| &*withdrawal.reason)),
            wording.time(candidate.starts_at),
            wording.time(candidate.interviewed_at),
            text(proof.map(|proof| shown_by(proof.method, wording))),
            wording.time(proof.map(|proof| proof.at)),
        ]
    }
}

fn mean_and_spread(totals: &[Points]) -> Option<(Points, Points)> {
    let (least, most) = (totals.iter().min()?, totals.iter().max()?);
    Some((mean(totals)?, Points(most.0 - least.0)))
}

fn headings(wording: &Wording<'_>) -> Vec<String> {
    let label = |zh, en| wording.say(zh, en).to_owned();
    vec![
        label("名次", "Rank"),
        label("考号", "Number"),
        label("姓名", "Name"),
        label("平均分", "Mean"),
        label("极差", "Spread"),
        label("已提交评分表", "Sheets handed in"),
        label("结论", "Outcome"),
        label("成绩", "Points"),
        label("备注", "Remark"),
        wording.time_head("公布时间", "Published at"),
        label("更正理由", "Reason of correction"),
        wording.time_head("确认时间", "Confirmed at"),
        wording.time_head("撤回时间", "Withdrawn at"),
        label("撤回理由", "Reason of withdrawal"),
        wording.time_head("面谈时间", "Planned for"),
        wording.time_head("面谈结束时间", "Interviewed at"),
        label("身份验证方式", "Identity shown by"),
        wording.time_head("身份验证时间", "Identity shown at"),
    ]
}

const fn shown_by<'t>(method: Method, wording: &Wording<'_>) -> &'t str {
    match method {
        Method::Sms => wording.say("短信验证码", "SMS code"),
        Method::Face => wording.say("人脸比对", "face"),
        Method::Staff => wording.say("工作人员视频核验", "seen by the host"),
        Method::Override => wording.say("工作人员放行", "let through by the host"),
    }
}
