//! What the candidates of the demo's day have handed in: a CV, and of some slides or a picture of measurements.

use super::{
    pdf::{Colour, Page, pdf, width},
    people::Person,
    png::{self, Canvas},
};

/// A file as an office has it.
#[derive(Debug)]
pub struct Paper {
    /// As it is called.
    pub name: &'static str,
    /// Its pages are turned before the panel.
    pub slides: bool,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A4, in points.
const SHEET: [u32; 2] = [595, 842];
/// As wide as screens are.
const SLIDE: [u32; 2] = [960, 540];
/// What stays free around the text, in points.
const MARGIN: f32 = 64.0;
const BLACK: Colour = [0.1, 0.12, 0.15];
const GREY: Colour = [0.38, 0.42, 0.47];
const BLUE: Colour = [0.11, 0.31, 0.55];

/// Courses that everybody has taken.
const COURSES: [&str; 8] = [
    "高等数学",
    "线性代数",
    "概率论与数理统计",
    "程序设计",
    "数据结构",
    "操作系统",
    "计算机网络",
    "学术英语",
];

/// The papers of one candidate.
pub fn papers(person: &Person, number: &str) -> Vec<Paper> {
    let mut papers =
        vec![Paper { name: "个人简历与研究陈述.pdf", slides: false, bytes: cv(person, number) }];
    if person.slides {
        papers.push(Paper { name: "研究汇报.pdf", slides: true, bytes: slides(person) });
    }
    if person.picture {
        papers.push(Paper { name: "实验曲线.png", slides: false, bytes: curve(person) });
    }
    papers
}

/// Who it is, what they have done, and of those without slides what they want to do.
fn cv(person: &Person, number: &str) -> Vec<u8> {
    let Person { name, school, major, thesis, question, method, finding, plan, award, slides, .. } = *person;
    let mut sheet = Writing::begin(SHEET, "个人简历");
    sheet.line(12.0, BLACK, &format!("姓名：{name}　　　考生编号：{number}"));
    sheet.line(12.0, BLACK, &format!("毕业院校：{school}　　　专业：{major}"));
    sheet.heading("教育经历");
    sheet.line(12.0, BLACK, &format!("2023 年 9 月至 2027 年 6 月　{school}　{major}　本科"));
    sheet.heading("主修课程与成绩");
    for (pair, row) in COURSES.chunks(2).zip(0..) {
        let columns = pair.iter().zip([MARGIN, 310.0]).zip(0..);
        for ((course, x), column) in columns {
            let mark = 78 + made(name, 2 * row + column) % 20;
            sheet.at(x, 12.0, BLACK, course);
            sheet.at(x + 180.0, 12.0, BLUE, &mark.to_string());
        }
        sheet.down(22.0);
    }
    sheet.heading("外语与技能");
    let english = 480 + made(name, 20) % 120;
    sheet.paragraph(
        12.0,
        &format!("大学英语六级 {english} 分，能阅读本专业的英文文献，能用英语作简短的学术报告。"),
    );
    sheet.heading("获奖与实践");
    sheet.paragraph(12.0, award);
    sheet.page("毕业设计");
    sheet.line(14.0, BLUE, thesis);
    for (heading, text) in [("研究的问题", question), ("所用的方法", method), ("得到的结果", finding)]
    {
        sheet.heading(heading);
        sheet.paragraph(12.0, text);
    }
    if !slides {
        sheet.page("研究计划");
        sheet.paragraph(12.0, plan);
        sheet.heading("第一年");
        sheet.paragraph(
            12.0,
            "补齐所需的课程，重做两项代表性的工作，弄清它们在什么条件下成立，并公开全部代码和数据。",
        );
        sheet.heading("第二年");
        sheet.paragraph(12.0, "提出自己的方法，在不少于两个真实场景中检验，同时记录失败的情形。");
        sheet.heading("第三年");
        sheet.paragraph(12.0, "整理成果，撰写学位论文，并请使用者对结论提出意见。");
    }
    sheet.file(&format!("{name} 个人简历"))
}

/// A page for each thing that is said.
fn slides(person: &Person) -> Vec<u8> {
    let Person { name, school, thesis, question, method, finding, plan, .. } = *person;
    let mut deck = Writing::begin(SLIDE, thesis);
    deck.down(60.0);
    deck.line(26.0, BLACK, &format!("{name}　{school}"));
    deck.line(18.0, GREY, "2027 年硕士研究生复试");
    for (title, text) in
        [("研究的问题", question), ("所用的方法", method), ("得到的结果", finding), ("下一步的计划", plan)]
    {
        deck.page(title);
        deck.paragraph(26.0, text);
    }
    deck.file(thesis)
}

/// Measured points on a grid, of two ways that are compared: the second comes out higher.
fn curve(person: &Person) -> Vec<u8> {
    const PALETTE: [png::Colour; 5] =
        [[255, 255, 255], [226, 230, 235], [90, 98, 108], [150, 160, 172], [28, 90, 160]];
    let [left, top, wide, high]: [usize; 4] = [60, 30, 540, 320];
    let mut canvas = Canvas::new(640, 400);
    for line in 0..=8 {
        canvas.bar([left, top + line * high / 8], [wide, 1], 1);
        canvas.bar([left + line * wide / 8, top], [1, high], 1);
    }
    canvas.bar([left, top], [2, high], 2);
    canvas.bar([left, top + high], [wide, 2], 2);
    for (way, colour) in [(0, 3), (1, 4)] {
        let mut before: Option<[usize; 2]> = None;
        for point in 0..=24 {
            // Rises fast and then slowly, as what is learned does; a little off, as what is measured is.
            let reached = (150 + 90 * way) * point / (point + 5);
            let off = made(person.name, 100 + 40 * way + point) % 14;
            let [x, y] = [left + point * wide / 25 + 8, top + high - 20 - reached - off];
            canvas.bar([x - 3, y - 3], [7, 7], colour);
            if let Some([from_x, from_y]) = before {
                for step in 0..16 {
                    let between = |from: usize, to: usize| (from * (16 - step) + to * step) / 16;
                    canvas.bar([between(from_x, x), between(from_y, y)], [2, 2], colour);
                }
            }
            before = Some([x, y]);
        }
    }
    canvas.png(&PALETTE)
}

/// A number that stays with a name.
fn made(name: &str, salt: usize) -> usize {
    name.chars().fold(salt * 7919 + 17, |sum, character| (sum * 31 + character as usize) % 1_000_003)
}

/// Pages that are written from the top down.
#[derive(Debug)]
struct Writing {
    size: [u32; 2],
    pages: Vec<Page>,
    page: Page,
    /// Where the next line stands.
    y: f32,
}

impl Writing {
    fn begin(size: [u32; 2], title: &str) -> Self {
        let mut begun = Self { size, pages: Vec::new(), page: Page::new(size), y: 0.0 };
        begun.title(title);
        begun
    }

    /// Another page.
    fn page(&mut self, title: &str) {
        let full = std::mem::replace(&mut self.page, Page::new(self.size));
        self.pages.push(full);
        self.title(title);
    }

    fn title(&mut self, title: &str) {
        let [wide, high] = self.size.map(|side| side as f32);
        let size = if wide > high { 34.0 } else { 24.0 };
        self.y = high - MARGIN - size;
        self.line(size, BLUE, title);
        self.page.bar([MARGIN, self.y + size * 0.7], [wide - 2.0 * MARGIN, 2.0], BLUE);
        self.down(16.0);
    }

    fn heading(&mut self, text: &str) {
        self.down(14.0);
        self.page.bar([MARGIN, self.y - 2.0], [4.0, 16.0], BLUE);
        self.at(MARGIN + 12.0, 14.0, BLUE, text);
        self.down(26.0);
    }

    fn line(&mut self, size: f32, colour: Colour, text: &str) {
        self.at(MARGIN, size, colour, text);
        self.down(size * 1.7);
    }

    fn paragraph(&mut self, size: f32, text: &str) {
        let wide = self.size[0] as f32 - 2.0 * MARGIN;
        for line in wrapped(text, wide / size) {
            self.line(size, BLACK, &line);
        }
    }

    /// Without going down.
    fn at(&mut self, x: f32, size: f32, colour: Colour, text: &str) {
        self.page.text([x, self.y], size, colour, text);
    }

    fn down(&mut self, by: f32) {
        self.y -= by;
    }

    fn file(mut self, title: &str) -> Vec<u8> {
        self.pages.push(self.page);
        pdf(title, &self.pages)
    }
}

/// The text in lines of so many Chinese characters. Words and numbers of ASCII are not torn, and what closes a clause stands
/// behind it, beyond the edge if need be.
fn wrapped(text: &str, most: f32) -> Vec<String> {
    const CLOSING: &str = "，。；：、！？）》”";
    let (mut lines, mut line, mut wide) = (Vec::new(), String::new(), 0.0);
    for piece in pieces(text) {
        let long: f32 = piece.chars().map(width).sum();
        if wide + long > most && !CLOSING.contains(piece) && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            wide = 0.0;
        }
        if !(line.is_empty() && piece == " ") {
            line.push_str(piece);
            wide += long;
        }
    }
    lines.push(line);
    lines
}

/// Runs of ASCII letters and digits, and all other characters one by one.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(run.max(first.len_utf8()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::CANDIDATES;
    use viva_interview::PaperKind;

    #[test]
    fn lines_end_at_the_edge_and_tear_no_word() {
        assert_eq!(wrapped("一二三四五六", 3.0), ["一二三", "四五六"]);
        assert_eq!(wrapped("一二三，四五", 3.0), ["一二三，", "四五"], "no line begins with a comma");
        assert_eq!(wrapped("一二 abc 三", 3.0), ["一二", "abc 三"]);
        assert_eq!(wrapped("abcdefgh 一", 3.0), ["abcdefgh", "一"], "what is longer than a line has one");
    }

    #[test]
    fn everybody_hands_in_a_cv_and_some_more_and_no_two_are_alike() {
        let all: Vec<Vec<Paper>> = CANDIDATES.iter().map(|person| papers(person, "2027001")).collect();
        for (own, person) in all.iter().zip(&CANDIDATES) {
            let kinds: Vec<_> = own.iter().map(|paper| PaperKind::of(&paper.bytes).unwrap()).collect();
            assert_eq!(kinds[0], PaperKind::Pdf);
            assert_eq!(kinds.contains(&PaperKind::Png), person.picture);
            assert_eq!(own.iter().filter(|paper| paper.slides).count(), usize::from(person.slides));
            let text = String::from_utf8(own[0].bytes.clone()).unwrap();
            assert!(
                text.contains(&format!("/Count {} ", if person.slides { 2 } else { 3 })),
                "{}",
                person.name
            );
        }
        let slides = CANDIDATES.iter().filter(|person| person.slides).count();
        let pictures = CANDIDATES.iter().filter(|person| person.picture).count();
        assert_eq!((slides, pictures), (4, 6));
        for (index, own) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert!(own[0].bytes != other[0].bytes);
            }
        }
    }

    #[test]
    fn no_line_leaves_its_page() {
        for person in &CANDIDATES {
            for paper in papers(person, "2027001").iter().filter(|paper| paper.name.ends_with(".pdf")) {
                let text = String::from_utf8(paper.bytes.clone()).unwrap();
                let wide = if paper.slides { SLIDE[0] } else { SHEET[0] } as f32;
                for line in text.lines().filter(|line| line.contains(" Tj ")) {
                    let words: Vec<&str> = line.split(' ').collect();
                    let number = |at: usize| words[at].parse::<f32>().unwrap();
                    let (size, x, y) = (number(6), number(8), number(9));
                    let hex = words[11].trim_matches(['<', '>']);
                    let units = (0..hex.len()).step_by(4).map(|at| u16::from_str_radix(&hex[at..at + 4], 16));
                    let units: Vec<u16> = units.collect::<Result<_, _>>().unwrap();
                    let said = String::from_utf16(&units).unwrap();
                    let right = x + size * said.chars().map(width).sum::<f32>();
                    // What closes a clause may stand beyond the edge of the text.
                    assert!(
                        right <= wide - MARGIN + size && y >= MARGIN,
                        "{} at {x}, {y}: {said}",
                        person.name
                    );
                    assert_eq!(units.len(), said.chars().count(), "the encoding knows units alone: {said}");
                }
            }
        }
    }

    #[test]
    fn the_picture_is_one_for_every_decoder() {
        let picture = viva_face::Picture::decode(&curve(&CANDIDATES[0])).unwrap();
        assert_eq!((picture.width(), picture.height()), (640, 400));
    }
}
