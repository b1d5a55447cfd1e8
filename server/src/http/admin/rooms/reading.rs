//! The rooms of a table: which rows are of which room, and who is written beside them.

use crate::{
    http::admin::{
        candidates::CandidateBody,
        import::{
            Fault,
            people::{People, people},
            plan::{Choices, HiddenRows, Plan},
        },
    },
    table::{Cell, CellFault, Meaning, Row, Table, letters},
    time_zone::Clocks,
};
use std::collections::{BTreeMap, BTreeSet};
use viva_interview::{limit, writing};

/// Rooms that are made at once.
pub const MOST_ROOMS: usize = 60;

/// What a column besides those of candidates is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomColumn {
    Room,
    Examiners,
    Hosts,
}

/// A cell in which people of the staff stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelCell {
    pub text: String,
    pub line: u32,
    pub column: u32,
}

/// A room as the table has it.
#[derive(Debug, Clone)]
pub struct RoomRows {
    pub name: String,
    /// Where it stands first.
    pub line: u32,
    pub examiners: Option<PanelCell>,
    pub hosts: Option<PanelCell>,
    /// The rows of its candidates.
    pub lines: Vec<u32>,
    /// The candidates; none where not all rows of the table could be read.
    pub bodies: Vec<CandidateBody>,
}

/// The rooms of a table.
#[derive(Debug)]
pub struct Sheet {
    pub plan: Plan,
    /// In the order in which they stand there first.
    pub rooms: Vec<RoomRows>,
    /// Headings of what is not taken, behind their letters.
    pub ignored: Vec<String>,
    pub faults: Vec<Fault>,
}

impl RoomColumn {
    const ALL: [Self; 3] = [Self::Room, Self::Examiners, Self::Hosts];

    /// As in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Examiners => "examiners",
            Self::Hosts => "hosts",
        }
    }

    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Room => &[
                "考场",
                "考场号",
                "考场名称",
                "面谈室",
                "面试室",
                "房间",
                "组别",
                "分组",
                "room",
                "roomname",
                "group",
            ],
            Self::Examiners => &[
                "考官",
                "考官组",
                "考官姓名",
                "考官账号",
                "评委",
                "面试官",
                "面谈官",
                "examiner",
                "examiners",
                "panel",
            ],
            Self::Hosts => {
                &["工作人员", "工作人员姓名", "工作人员账号", "主持人", "秘书", "host", "hosts", "secretary"]
            }
        }
    }

    fn is_named(self, heading: &str) -> bool {
        self.words().contains(&writing::heading(heading).as_str())
    }
}

impl Sheet {
    /// Reads all of it, with whatever is wrong.
    pub fn read(table: &Table, choices: &Choices, clocks: &Clocks) -> Self {
        // What is of the panel is not looked at as what is of candidates: 考官姓名 is no candidate's name.
        let headings = Plan::of(table, choices).columns;
        let places =
            RoomColumn::ALL.map(|of| headings.iter().filter(move |one| of.is_named(&one.heading)).collect());
        let mut choices = choices.clone();
        for column in places.iter().flat_map(|found: &Vec<_>| found) {
            choices.columns.entry(letters(column.index)).or_insert(Meaning::Ignore);
        }
        let plan = Plan::of(table, &choices);
        let mut faults = Vec::new();
        let head = plan.heading_row;
        let places: [Option<u32>; 3] = std::array::from_fn(|at| {
            let (of, found) = (RoomColumn::ALL[at], &places[at]);
            if found.is_empty() && of == RoomColumn::Room {
                faults.push(Fault::new(head.max(1), of.code(), "column_missing"));
            }
            if let [_, second, ..] = found[..] {
                faults.push(Fault::new(head, of.code(), "column_twice").at(second.index));
            }
            found.first().map(|column| column.index)
        });
        let rows = table.rows.get(plan.start..).unwrap_or_default();
        let skips = choices.hidden_rows == Some(HiddenRows::Skip);
        let rows: Vec<&Row> = rows.iter().filter(|row| !(row.hidden && skips)).collect();
        let mut rooms = rooms(&rows, places, &mut faults);
        match people(table, &plan, &choices, clocks) {
            Ok(People { lines, bodies }) => {
                let mut bodies: BTreeMap<u32, CandidateBody> = lines.into_iter().zip(bodies).collect();
                for room in &mut rooms {
                    room.bodies = room.lines.iter().filter_map(|line| bodies.remove(line)).collect();
                }
            }
            Err(wrong) => faults.extend(wrong.into_iter().map(undecided)),
        }
        if rooms.len() > MOST_ROOMS {
            faults.push(Fault::new(0, "file", "too_many_rooms").most(MOST_ROOMS));
        }
        let crowded = rooms.iter().filter(|room| room.lines.len() > limit::CANDIDATES);
        let crowded = crowded.map(|room| Fault::new(room.line, "room", "room_full").of(&room.name));
        faults.extend(crowded.map(|fault| fault.most(limit::CANDIDATES)));
        faults.extend(repeated(&rooms, &plan));
        let taken = |index: u32| places.contains(&Some(index));
        let ignored = plan.columns.iter().filter(|column| {
            let nothing = matches!(column.meaning, None | Some(Meaning::Ignore));
            column.filled > 0 && nothing && !taken(column.index)
        });
        let ignored = ignored.map(|column| format!("{} {}", letters(column.index), column.heading)).collect();
        Self { plan, rooms, ignored, faults }
    }
}

/// Here nobody is asked what a column or a sheet is: the table itself is to be mended.
fn undecided(fault: Fault) -> Fault {
    let problem = match fault.problem {
        "column_unknown" | "no_heading" => "heading_unclear",
        "sheet_choice" => "sheets_several",
        other => other,
    };
    Fault { problem, ..fault }
}

/// The rows of each room. A room whose cells are merged goes on below; its panel stands once, or in each row alike.
fn rooms(
    rows: &[&Row],
    [room, examiners, hosts]: [Option<u32>; 3],
    faults: &mut Vec<Fault>,
) -> Vec<RoomRows> {
    let Some(place) = room else { return Vec::new() };
    let (mut rooms, mut known) = (Vec::<RoomRows>::new(), BTreeMap::<String, usize>::new());
    let mut last = String::new();
    for row in rows {
        let cell = row.cells.get(place as usize).cloned().unwrap_or_default();
        let name = match cell.fault {
            Some(CellFault::Merged) => last.clone(),
            Some(fault) => {
                faults.push(Fault::new(row.line, "room", fault.code()).at(place));
                continue;
            }
            None => writing::plain(&cell.text),
        };
        if name.is_empty() {
            faults.push(Fault::new(row.line, "room", "empty").at(place));
            continue;
        }
        last.clone_from(&name);
        let index = *known.entry(writing::number_key(&name)).or_insert_with(|| {
            let (examiners, hosts, lines, bodies) = (None, None, Vec::new(), Vec::new());
            rooms.push(RoomRows { name, line: row.line, examiners, hosts, lines, bodies });
            rooms.len() - 1
        });
        let Some(room) = rooms.get_mut(index) else { continue };
        room.lines.push(row.line);
        note(row, examiners, RoomColumn::Examiners, &mut room.examiners, faults);
        note(row, hosts, RoomColumn::Hosts, &mut room.hosts, faults);
    }
    rooms
}

/// Takes in who stands in a row; what is empty or merged is as above.
fn note(
    row: &Row,
    place: Option<u32>,
    of: RoomColumn,
    known: &mut Option<PanelCell>,
    faults: &mut Vec<Fault>,
) {
    let Some((column, Cell { text, fault })) =
        place.and_then(|place| Some((place, row.cells.get(place as usize)?)))
    else {
        return;
    };
    match (fault, known.as_ref()) {
        (Some(CellFault::Merged), _) => {}
        (Some(fault), _) => faults.push(Fault::new(row.line, of.code(), fault.code()).at(column)),
        (None, _) if text.trim().is_empty() => {}
        (None, None) => *known = Some(PanelCell { text: text.clone(), line: row.line, column }),
        (None, Some(before)) if same(&before.text, text) => {}
        (None, Some(before)) => {
            let fault = Fault::new(row.line, of.code(), "panel_differs").at(column);
            faults.push(fault.of(&format!("{}{}", letters(before.column), before.line)));
        }
    }
}

/// Do the same people stand there, in whatever order?
fn same(left: &str, right: &str) -> bool {
    let set = |text| names(text).map(|name| writing::number_key(&name)).collect::<BTreeSet<_>>();
    set(left) == set(right)
}

/// The people who stand in a cell.
pub fn names(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(['\n', '\r', '、', '|', '/']).map(writing::plain).collect::<Vec<_>>();
    let parts = parts
        .into_iter()
        .flat_map(|part| part.split([',', ';']).map(|name| name.trim().to_owned()).collect::<Vec<_>>());
    parts.filter(|name| !name.is_empty())
}

/// Who stands in the table twice, wherever that is.
fn repeated(rooms: &[RoomRows], plan: &Plan) -> Vec<Fault> {
    let column = plan.column(Meaning::Number).unwrap_or_default();
    let mut known = BTreeMap::new();
    let mut faults = Vec::new();
    for (body, line) in rooms.iter().flat_map(|room| room.bodies.iter().zip(&room.lines)) {
        let key = writing::number_key(&body.number);
        if key.is_empty() {
            continue;
        }
        if let Some(first) = known.insert(key, *line) {
            let fault = Fault::new(*line, Meaning::Number.code(), "duplicate").at(column);
            faults.push(fault.of(&format!("{}{first}", letters(column))));
        }
    }
    faults
}
