//! The tables of scores, results and people for export; what the panel may not see yet is not in it either.

use crate::{CandidateRow, Cell, Interview, Language, Points, SeatId, Table, Time, Wording, score::total};

/// One examiner's sheet of one candidate, or a candidate whom nobody has scored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreRow {
    /// The number of the exam card.
    pub number: String,
    /// The candidate's name.
    pub name: String,
    /// The examiner's name; empty where there is no sheet.
    pub examiner: String,
    /// By criterion, in their order; none before all examiners have handed in.
    pub points: Vec<Option<Points>>,
    /// The weighted mean.
    pub total: Option<Points>,
    /// The examiner's remark.
    pub remark: String,
    /// When the sheet was handed in.
    pub submitted_at: Option<Time>,
    /// The published outcome.
    pub outcome: String,
    /// The published points.
    pub result: Option<Points>,
    /// When the result was confirmed.
    pub confirmed_at: Option<Time>,
}

impl Interview {
    /// A row for each sheet, in the order of the queue.
    pub fn score_rows(&self) -> Vec<ScoreRow> {
        let mut rows = Vec::new();
        for candidate in self.queue.iter() {
            let before = rows.len();
            let mut sheets: Vec<_> = self.scores.iter().filter(|(of, ..)| *of == candidate).collect();
            sheets.sort_by_key(|(_, examiner, _)| self.staff.get(examiner).map(|staff| staff.place));
            rows.extend(
                sheets.iter().filter_map(|(_, examiner, _)| self.score_row(candidate, Some(*examiner))),
            );
            if rows.len() == before {
                rows.extend(self.score_row(candidate, None));
            }
        }
        rows
    }

    /// These rows as a table: for people in their language and by the clocks of the interview, or, without a wording, for
    /// programs with heads in both languages and times in UTC.
    pub fn score_table(&self, wording: Option<&Wording<'_>>) -> Table {
        let label = |zh: &str, en: &str, name: &str| match wording {
            Some(wording) => wording.say(zh, en).to_owned(),
            None => format!("{zh} {name}"),
        };
        let time = |zh: &str, en: &str, name: &str| match wording {
            Some(wording) => wording.time_head(zh, en),
            None => format!("{zh} {name}"),
        };
        let mut headings = vec![
            label("考号", "Number", "number"),
            label("姓名", "Name", "name"),
            label("考官", "Examiner", "examiner"),
        ];
        headings.extend(self.criteria.iter().map(|criterion| criterion.name.clone()));
        headings.extend([
            label("总分", "Total", "total"),
            label("评语", "Remark", "remark"),
            time("提交时间", "Handed in at", "submitted_at"),
            label("结论", "Outcome", "outcome"),
            label("成绩", "Points", "result"),
            time("确认时间", "Confirmed at", "confirmed_at"),
        ]);
        Table { headings, rows: self.score_rows().into_iter().map(|row| cells(row, wording)).collect() }
    }

    /// The candidates as they can be imported again; heads are in both languages where none is said. Times are always by the
    /// clocks of the interview, as they are read.
    pub fn candidate_table(&self, language: Option<Language>, wording: &Wording<'_>) -> Table {
        let time = wording.time_head(if language.is_none() { "时间 time" } else { "时间" }, "Time");
        let heads = match language {
            None => ["姓名 name", "考号 number", "手机 phone", &*time],
            Some(Language::Zh) => ["姓名", "考号", "手机", &*time],
            Some(Language::En) => ["Name", "Number", "Phone", &*time],
        };
        let headings = heads.map(str::to_owned).into();
        let cells = |row: CandidateRow| {
            let texts = [row.name, row.number, row.phone].map(Cell::Text);
            texts.into_iter().chain([wording.time(row.starts_at)]).collect()
        };
        Table { headings, rows: self.candidate_rows().into_iter().map(cells).collect() }
    }

    fn score_row(&self, seat: SeatId, examiner: Option<SeatId>) -> Option<ScoreRow> {
        let candidate = self.candidates.get(&seat)?;
        let told = candidate.results.told();
        let sheet = examiner.and_then(|examiner| self.scores.sheet(seat, examiner));
        let open = sheet.filter(|sheet| sheet.submitted_at.is_some() && self.scores_are_open(seat));
        let points = self.criteria.iter().map(|criterion| open?.points.get(&criterion.id).copied());
        Some(ScoreRow {
            number: candidate.number.clone(),
            name: candidate.name.clone(),
            examiner: examiner.map(|examiner| self.name_of(examiner)).unwrap_or_default(),
            points: points.collect(),
            total: open.and_then(|sheet| total(&self.criteria, &sheet.points)),
            remark: open.map(|sheet| sheet.remark.clone()).unwrap_or_default(),
            submitted_at: sheet.and_then(|sheet| sheet.submitted_at),
            outcome: told.map(|told| told.verdict.outcome.clone()).unwrap_or_default(),
            result: told.and_then(|told| told.verdict.points),
            confirmed_at: candidate.results.confirmed_at(),
        })
    }
}

fn cells(row: ScoreRow, wording: Option<&Wording<'_>>) -> Vec<Cell> {
    let figure =
        |points: Option<Points>| Cell::Figure(points.map(|points| points.to_string()).unwrap_or_default());
    let time = |at: Option<Time>| match wording {
        Some(wording) => wording.time(at),
        None => Cell::Text(at.map(|at| at.to_string()).unwrap_or_default()),
    };
    let mut cells = vec![Cell::Text(row.number), Cell::Text(row.name), Cell::Text(row.examiner)];
    cells.extend(row.points.into_iter().map(figure));
    cells.extend([figure(row.total), Cell::Text(row.remark), time(row.submitted_at)]);
    cells.extend([Cell::Text(row.outcome), figure(row.result), time(row.confirmed_at)]);
    cells
}
