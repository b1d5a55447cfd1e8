//! Headings of lists of people, in the words that offices use.

use super::{MAX_TITLES, Row};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use viva_interview::writing;

/// What a column is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// 姓名.
    Name,
    /// 考号.
    Number,
    /// 手机.
    Phone,
    /// 密码.
    Password,
    /// 时间: when it begins for a person.
    Time,
    /// Nothing of it is taken.
    Ignore,
}

impl Meaning {
    /// Those that are taken, in the order of the template.
    pub const TAKEN: [Self; 5] = [Self::Name, Self::Number, Self::Phone, Self::Password, Self::Time];

    /// As in the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number => "number",
            Self::Phone => "phone",
            Self::Password => "password",
            Self::Time => "time",
            Self::Ignore => "ignore",
        }
    }
}

/// Is this the heading of a column of photos?
pub fn is_photo(heading: &str) -> bool {
    const WORDS: [&str; 15] = [
        "照片",
        "相片",
        "头像",
        "证件照",
        "考生照片",
        "学生照片",
        "本人照片",
        "免冠照片",
        "一寸照片",
        "近照",
        "相片photo",
        "照片photo",
        "photo",
        "picture",
        "portrait",
    ];
    WORDS.contains(&writing::heading(heading).as_str())
}

/// How surely a heading says what its column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resemblance {
    /// In a word for this and nothing else.
    Sure,
    /// In a word that is used for it where there is no better one.
    Fallback,
    /// It looks like it; a person decides.
    Likely,
}

/// Words by what they mean, first the sure ones, then those that step back for them; as [`writing::heading`] has them.
const WORDS: [(Meaning, &[&str], &[&str]); 5] = [
    (
        Meaning::Name,
        &[
            "姓名",
            "考生姓名",
            "学生姓名",
            "中文姓名",
            "真实姓名",
            "考生名称",
            "报考人姓名",
            "报名人姓名",
            "申请人姓名",
            "应聘者姓名",
            "应聘人姓名",
            "候选人姓名",
            "本人姓名",
            "學生姓名",
            "應聘者姓名",
            "name",
            "fullname",
            "candidatename",
            "studentname",
            "applicantname",
            "nameofcandidate",
            "nameofstudent",
            "姓名name",
            "考生姓名name",
            "name姓名",
        ],
        &[
            "考生",
            "名字",
            "学生",
            "候选人",
            "应聘者",
            "申请人",
            "學生",
            "候選人",
            "candidate",
            "student",
            "applicant",
        ],
    ),
    (
        Meaning::Number,
        &[
            "考号",
            "考生编号",
            "考生号",
            "考生考号",
            "准考证号",
            "准考证号码",
            "准考证",
            "准考证编号",
            "考试编号",
            "考试号",
            "报名号",
            "报名编号",
            "报名序号",
            "面试编号",
            "面试号",
            "面谈编号",
            "考生号码",
            "考號",
            "准考證號",
            "准考證號碼",
            "考生編號",
            "報名號",
            "number",
            "examnumber",
            "examno",
            "examid",
            "candidatenumber",
            "candidateno",
            "candidateid",
            "admissionnumber",
            "admissionticketnumber",
            "admissionticketno",
            "ticketnumber",
            "registrationnumber",
            "registrationno",
            "applicationnumber",
            "applicationno",
            "applicantid",
            "applicantnumber",
            "考号number",
            "number考号",
        ],
        &[
            "学号",
            "學號",
            "编号",
            "編號",
            "证件号",
            "证件号码",
            "身份证",
            "身份证号",
            "身份证号码",
            "身分證號",
            "身份證號",
            "身份證號碼",
            "id",
            "no",
            "idnumber",
            "idno",
            "idcard",
            "idcardnumber",
            "studentid",
            "studentnumber",
            "studentno",
            "工号",
            "会员号",
        ],
    ),
    (
        Meaning::Phone,
        &[
            "手机",
            "手机号",
            "手机号码",
            "移动电话",
            "移动电话号码",
            "手机电话",
            "联系手机",
            "联系手机号",
            "本人手机",
            "本人手机号",
            "考生手机",
            "考生手机号",
            "考生手机号码",
            "手機",
            "手機號",
            "手機號碼",
            "行動電話",
            "mobile",
            "mobilenumber",
            "mobileno",
            "mobilephone",
            "mobilephonenumber",
            "cell",
            "cellphone",
            "cellphonenumber",
            "cellnumber",
            "phone",
            "phonenumber",
            "phoneno",
            "手机phone",
            "phone手机",
        ],
        &[
            "电话",
            "电话号码",
            "联系电话",
            "联系电话号码",
            "联系方式",
            "联系号码",
            "本人电话",
            "考生电话",
            "電話",
            "電話號碼",
            "聯絡電話",
            "聯繫電話",
            "tel",
            "telno",
            "telnumber",
            "telephone",
            "telephonenumber",
            "contact",
            "contactnumber",
            "contactphone",
            "contactno",
        ],
    ),
    (
        Meaning::Password,
        &[
            "密码",
            "口令",
            "面谈密码",
            "面试密码",
            "邀请密码",
            "考试密码",
            "登录密码",
            "登陆密码",
            "入场密码",
            "进入密码",
            "初始密码",
            "进入口令",
            "入场口令",
            "面谈口令",
            "面试口令",
            "登录口令",
            "密碼",
            "通行碼",
            "password",
            "passwd",
            "pwd",
            "passcode",
            "passphrase",
            "pin",
            "pincode",
            "accesscode",
            "密码password",
            "password密码",
        ],
        &[],
    ),
    (
        Meaning::Time,
        &[
            "面谈时间",
            "面试时间",
            "面談時間",
            "面試時間",
            "复试时间",
            "考试时间",
            "开始时间",
            "面谈开始时间",
            "面试开始时间",
            "预约时间",
            "interviewtime",
            "starttime",
            "startsat",
            "时间time",
            "time时间",
        ],
        &["时间", "時間", "time"],
    ),
];

/// Parts of words that a column of this meaning may have; what has them is not passed over.
const PARTS: [(Meaning, &[&str]); 4] = [
    (
        Meaning::Password,
        &[
            "密码",
            "口令",
            "密碼",
            "暗号",
            "验证码",
            "校验码",
            "安全码",
            "授权码",
            "访问码",
            "进入码",
            "密钥",
            "通行",
            "password",
            "passwd",
            "pass",
            "pwd",
            "pin",
            "secret",
        ],
    ),
    (Meaning::Phone, &["手机", "手機", "电话", "電話", "移动", "phone", "mobile", "cell", "tel"]),
    (Meaning::Number, &["考号", "准考证", "准考證", "考生编号", "考號"]),
    (Meaning::Name, &["姓名"]),
];

/// What a heading says of its column.
pub fn meaning(heading: &str) -> Option<(Meaning, Resemblance)> {
    let plain = writing::heading(heading);
    if plain.is_empty() {
        return None;
    }
    // 必填, “required”: said of the column, not by it.
    let plain = ["必填", "选填", "required", "optional"]
        .iter()
        .find_map(|said| {
            plain.strip_suffix(said).or_else(|| plain.strip_prefix(said)).filter(|rest| !rest.is_empty())
        })
        .unwrap_or(&plain);
    for (meaning, sure, fallback) in WORDS {
        if sure.contains(&plain) {
            return Some((meaning, Resemblance::Sure));
        }
        if fallback.contains(&plain) {
            return Some((meaning, Resemblance::Fallback));
        }
    }
    let whole = |part: &&&str| {
        if part.is_ascii() && part.len() <= 4 {
            words(heading).any(|word| word == **part)
        } else {
            plain.contains(**part)
        }
    };
    PARTS
        .iter()
        .find(|(_, parts)| parts.iter().any(|part| whole(&part)))
        .map(|(meaning, _)| (*meaning, Resemblance::Likely))
}

/// The words of a heading in a script that has words.
fn words(heading: &str) -> impl Iterator<Item = String> {
    heading
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Is this a heading of such a list?
pub fn resembles(text: &str) -> bool {
    matches!(meaning(text), Some((_, Resemblance::Sure | Resemblance::Fallback)))
}

/// What the columns of a row of headings are taken for, with how surely; each meaning is given to one column at most,
/// or, where several say so equally, to all of these.
pub fn meanings(headings: &[String]) -> Vec<Option<(Meaning, Resemblance)>> {
    let mut found: Vec<_> = headings.iter().map(|heading| meaning(heading)).collect();
    for wanted in Meaning::TAKEN {
        let has = |found: &[Option<(Meaning, Resemblance)>], how| found.contains(&Some((wanted, how)));
        let sure = has(&found, Resemblance::Sure);
        for column in &mut found {
            match column {
                // The better word has it; the other column is another thing, and is named as such.
                Some((meaning, Resemblance::Fallback)) if sure && *meaning == wanted => *column = None,
                Some((meaning, Resemblance::Likely))
                    if sure && *meaning == wanted && wanted != Meaning::Password =>
                {
                    *column = None;
                }
                _ => {}
            }
        }
    }
    found
}

/// The place of the row of headings among the rows, counted from 0: the first that names both people and numbers.
pub fn find_headings(rows: &[Row]) -> Option<usize> {
    rows.iter().take(MAX_TITLES).position(|row| {
        let headings: Vec<String> = row.cells.iter().map(|cell| cell.text.clone()).collect();
        let found = meanings(&headings);
        let has = |wanted| {
            found.iter().flatten().any(|(meaning, how)| *meaning == wanted && *how != Resemblance::Likely)
        };
        has(Meaning::Name) && has(Meaning::Number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_the_words_of_offices() {
        let sure = |text: &str| {
            meaning(text).filter(|(_, how)| *how != Resemblance::Likely).map(|(meaning, _)| meaning)
        };
        for text in [
            "手机号",
            "手机号码",
            "电话",
            "联系电话",
            "移动电话",
            "Phone number",
            "MOBILE",
            "Tel.",
            "＊手机号（11位）",
            "手 机",
            "\u{feff}phone_number",
            "手机号*必填",
        ] {
            assert_eq!(sure(text), Some(Meaning::Phone), "{text}");
        }
        for text in ["口令", "密码", "密 码", "Password", "面试密码（选填）", "PIN"] {
            assert_eq!(sure(text), Some(Meaning::Password), "{text}");
        }
        for text in [
            "考号",
            "准考证号",
            "考生编号",
            "学号",
            "报名号",
            "Exam number",
            "Exam No.",
            "ID",
            "身份证号",
            "考号 number",
        ] {
            assert_eq!(sure(text), Some(Meaning::Number), "{text}");
        }
        for text in ["姓名", "考生姓名", "Name", "Full Name", "姓　名", "姓名 name"] {
            assert_eq!(sure(text), Some(Meaning::Name), "{text}");
        }
        for text in ["备注", "序号", "性别", "", "学院", "Options", "Hotel", "Shipping"] {
            assert_eq!(meaning(text), None, "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_password_or_a_phone_is_for_a_person_to_decide() {
        for (text, meant) in [
            ("系统登录口令串", Meaning::Password),
            ("Login Pass", Meaning::Password),
            ("家长手机", Meaning::Phone),
            ("紧急联系电话", Meaning::Phone),
        ] {
            assert_eq!(meaning(text), Some((meant, Resemblance::Likely)), "{text}");
        }
    }

    #[test]
    fn the_better_word_has_the_meaning() {
        let of = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            meanings(&texts).into_iter().map(|found| found.map(|(meaning, _)| meaning)).collect::<Vec<_>>()
        };
        use Meaning::{Name, Number, Phone};
        assert_eq!(of(&["姓名", "身份证号", "准考证号"]), [Some(Name), None, Some(Number)]);
        assert_eq!(of(&["姓名", "身份证号"]), [Some(Name), Some(Number)]);
        assert_eq!(of(&["手机", "联系电话", "家长手机"]), [Some(Phone), None, None]);
        assert_eq!(of(&["考号", "准考证号"]), [Some(Number), Some(Number)]);
    }
}
