//! The report of a rehearsal as a table: one row a candidate.

use super::{Rehearsed, RehearsedCheck, RehearsedTrouble};
use crate::{Cell, Check, DeviceKind, DeviceProblem, Method, Step, Table, wording::Wording};

/// The report with the number and name of each candidate; both are empty where the interview has them no more.
pub fn rehearsal_table<'r>(
    rows: impl IntoIterator<Item = (&'r str, &'r str, &'r Rehearsed)>,
    wording: &Wording<'_>,
) -> Table {
    let rows = rows.into_iter().map(|(number, name, rehearsed)| row(number, name, rehearsed, wording));
    Table { headings: headings(wording), rows: rows.collect() }
}

fn headings(wording: &Wording<'_>) -> Vec<String> {
    let label = |zh, en| wording.say(zh, en).to_owned();
    vec![
        label("考号", "Number"),
        label("姓名", "Name"),
        label("演练结论", "Rehearsal"),
        wording.time_head("首次进入", "First entered"),
        label("设备", "Device"),
        label("最后所在步骤", "Last step"),
        label("身份验证", "Identity"),
        label("扬声器检测", "Speaker"),
        label("麦克风检测", "Microphone"),
        label("视频检测", "Camera"),
        label("检测放行", "Let pass the checks"),
        label("遇到的困难", "Troubles"),
        label("网络不稳次数", "Times of bad network"),
        label("是否叫入", "Led in"),
    ]
}

fn row(number: &str, name: &str, one: &Rehearsed, wording: &Wording<'_>) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let yes = |is: bool| text(if is { wording.say("是", "yes") } else { "" });
    let kind = |kind: Option<DeviceKind>| kind.map_or("", |kind| device(kind, wording));
    vec![
        text(number),
        text(name),
        text(outcome(one, wording)),
        wording.time(one.entered_at),
        text(kind(one.device)),
        text(step(one.step, wording)),
        text(one.shown_by.map_or("", |method| shown_by(method, wording))),
        Cell::Text(checked(one.checks.speaker, wording)),
        Cell::Text(checked(one.checks.microphone, wording)),
        Cell::Text(checked(one.checks.camera, wording)),
        yes(one.waived),
        Cell::Text(troubles(one, wording)),
        Cell::Figure(one.network.to_string()),
        yes(one.called),
    ]
}

const fn outcome<'t>(one: &Rehearsed, wording: &Wording<'_>) -> &'t str {
    if one.entered_at.is_none() {
        wording.say("未参加", "did not come")
    } else if one.checks.all_passed() {
        wording.say("检测全部通过", "passed all checks")
    } else {
        wording.say("检测未完成", "checks not done")
    }
}

fn checked(check: Option<RehearsedCheck>, wording: &Wording<'_>) -> String {
    let Some(RehearsedCheck { passed, device: on }) = check else { return String::new() };
    let outcome = if passed { wording.say("通过", "passed") } else { wording.say("未通过", "failed") };
    match on {
        Some(on) => format!("{outcome} · {}", device(on, wording)),
        None => outcome.to_owned(),
    }
}

fn troubles(one: &Rehearsed, wording: &Wording<'_>) -> String {
    let told = |RehearsedTrouble { check, problem }: &RehearsedTrouble| {
        format!("{}{}", checked_device(*check, wording), trouble(*problem, wording))
    };
    let locked = one.locked.then(|| wording.say("密码或验证码多次错误", "too many wrong passwords or codes"));
    let all = locked.map(str::to_owned).into_iter().chain(one.troubles.iter().map(told));
    all.collect::<Vec<_>>().join(wording.say("；", "; "))
}

const fn device<'t>(kind: DeviceKind, wording: &Wording<'_>) -> &'t str {
    match kind {
        DeviceKind::Computer => wording.say("电脑", "computer"),
        DeviceKind::Tablet => wording.say("平板", "tablet"),
        DeviceKind::Phone => wording.say("手机", "phone"),
    }
}

const fn step<'t>(step: Step, wording: &Wording<'_>) -> &'t str {
    match step {
        Step::Invited => "",
        Step::Password => wording.say("密码", "password"),
        Step::Identity => wording.say("身份验证", "identity"),
        Step::Pledge => wording.say("承诺书", "pledge"),
        Step::Speaker => wording.say("扬声器检测", "speaker"),
        Step::Microphone => wording.say("麦克风检测", "microphone"),
        Step::Camera => wording.say("视频检测", "camera"),
        Step::Waiting => wording.say("候考", "waiting room"),
        Step::Admitted => wording.say("面谈", "room"),
        Step::Left => wording.say("已离开", "left"),
        Step::Removed => wording.say("已请出", "removed"),
    }
}

const fn shown_by<'t>(method: Method, wording: &Wording<'_>) -> &'t str {
    match method {
        Method::Sms => wording.say("短信验证码", "SMS code"),
        Method::Face => wording.say("人脸比对", "face"),
        Method::Staff => wording.say("工作人员视频核验", "seen by the host"),
        Method::Override => wording.say("工作人员放行", "let through by the host"),
    }
}

const fn checked_device<'t>(check: Check, wording: &Wording<'_>) -> &'t str {
    match check {
        Check::Speaker => wording.say("扬声器", "speaker"),
        Check::Microphone => wording.say("麦克风", "microphone"),
        Check::Camera => wording.say("摄像头", "camera"),
    }
}

const fn trouble<'t>(problem: DeviceProblem, wording: &Wording<'_>) -> &'t str {
    match problem {
        DeviceProblem::Denied => wording.say("未获授权", " not allowed"),
        DeviceProblem::Missing => wording.say("未找到", " not found"),
        DeviceProblem::Busy => wording.say("被其他程序占用", " in use elsewhere"),
        DeviceProblem::Insecure => wording.say("需要 HTTPS 才能使用", " needs HTTPS"),
        DeviceProblem::Failed => wording.say("无法使用", " failed"),
    }
}
