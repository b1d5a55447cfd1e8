//! The SMS that an interview causes, in words.

use super::{Sitting, rehearsal::rehearsed_since};
use crate::{
    clock::now,
    digest::Digests,
    institution::{Institution, Told, ToldPassword},
    random,
    settings::Settings,
    sms::{PhoneNumber, SmsText},
    store::{NewMessage, StoreError},
    time_zone::TimeZone,
};
use std::collections::BTreeMap;
use viva_interview::{Effect, Interview, Language, SeatId, SmsKind, Time};

/// How long a code holds, as the interview has it.
const CODE_MINUTES: u64 = 5;

/// What a message tells a candidate, whose interview is rehearsed since `rehearsed`.
pub fn told(
    interview: &Interview,
    seat: SeatId,
    (settings, digests): (&Settings, &Digests),
    language: Language,
    rehearsed: Option<Time>,
) -> Option<Told> {
    let (row, candidate) = (interview.row(), interview.candidate_row(seat)?);
    let code = candidate.code.to_string();
    let zone = TimeZone::of(&row.time_zone);
    // It ends when the interview opens, a moment before it is noticed.
    let rehearsed = rehearsed.filter(|_| now() < row.opens_at);
    Some(Told {
        name: candidate.name,
        interview: row.name,
        time: zone.told(candidate.starts_at.unwrap_or(row.opens_at), language),
        rehearsal: rehearsed.map(|since| zone.told(since, language)),
        link: format!("{}/i#{code}", settings.base_url()),
        code,
        password: match interview.password(seat) {
            None => ToldPassword::None,
            Some(kept) => digests.told(seat, kept).map_or(ToldPassword::Separately, ToldPassword::Is),
        },
        trial: false,
    })
}

impl Sitting {
    /// The messages of these effects, to be stored with the events that cause them.
    pub(super) async fn messages(
        &self,
        effects: &[Effect],
        sms_code: Option<&str>,
    ) -> Result<Vec<NewMessage>, StoreError> {
        let sends: Vec<_> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::SendSms { seat, phone, text_kind } => Some((*seat, phone.as_str(), *text_kind)),
                _ => None,
            })
            .collect();
        if sends.is_empty() {
            return Ok(Vec::new());
        }
        let institution = Institution::read(&*self.around.store)
            .await
            .map_err(|problem| StoreError::Unavailable(problem.detail))?;
        let at = now();
        let worded = sends.iter().any(|(_, _, kind)| *kind != SmsKind::Code);
        let rehearsed = if worded { rehearsed_since(&*self.around.store, self.id).await? } else { None };
        let compose = |(seat, phone, kind): &(SeatId, &str, SmsKind)| match kind {
            SmsKind::Invitation => {
                self.worded((*seat, phone), SmsText::Invitation, &institution, rehearsed, at)
            }
            SmsKind::Reminder => self.worded((*seat, phone), SmsText::Reminder, &institution, rehearsed, at),
            SmsKind::Code => sms_code.map(|code| self.code(*seat, phone, code, &institution, at)),
        };
        Ok(sends.iter().filter_map(compose).collect())
    }

    fn worded(
        &self,
        (seat, phone): (SeatId, &str),
        text: SmsText,
        institution: &Institution,
        rehearsed: Option<Time>,
        at: Time,
    ) -> Option<NewMessage> {
        let settings = &self.around.settings;
        let around = (&**settings, &self.around.digests);
        let told = told(&self.interview, seat, around, institution.sms_language, rehearsed)?;
        let (written, values) = institution.sms(settings, text, None, &told);
        let until = self.interview.row().closes_at.max(at.plus(60_000));
        Some(self.message(seat, phone, text.kind(), written.text, values.named(), (at, until)))
    }

    fn code(&self, seat: SeatId, phone: &str, code: &str, institution: &Institution, at: Time) -> NewMessage {
        let signature = institution.signature(&self.around.settings);
        let rehearsal = self.interview.rehearsal_of().is_some();
        let text = match institution.sms_language {
            Language::Zh if rehearsal => {
                format!(
                    "{signature}面谈演练：您的身份验证码：{code}，{CODE_MINUTES} 分钟内有效，请勿告诉他人。"
                )
            }
            Language::En if rehearsal => format!(
                "{signature}Rehearsal: your code for the identity check: {code}. It holds {CODE_MINUTES} minutes. Tell nobody."
            ),
            Language::Zh => {
                format!("{signature}您的面谈身份验证码：{code}，{CODE_MINUTES} 分钟内有效，请勿告诉他人。")
            }
            Language::En => format!(
                "{signature}Your code for the identity check: {code}. It holds {CODE_MINUTES} minutes. Tell nobody."
            ),
        };
        let params = [("code", code.to_owned()), ("minutes", CODE_MINUTES.to_string())];
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.message(seat, phone, "identity", text, params, (at, at.plus(CODE_MINUTES * 60_000)))
    }

    fn message(
        &self,
        seat: SeatId,
        phone: &str,
        kind: &str,
        text: String,
        params: BTreeMap<String, String>,
        (at, expires_at): (Time, Time),
    ) -> NewMessage {
        NewMessage {
            id: random::id(),
            interview: Some(self.id.0),
            seat: Some(seat.0),
            at: at.0,
            // What is no number stays as it is, so that the outbox shows why it was not sent.
            phone: PhoneNumber::parse(phone, &self.around.settings.sms_country)
                .map_or_else(|_| phone.to_owned(), |phone| phone.as_str().to_owned()),
            text,
            kind: kind.to_owned(),
            params,
            urgent: kind == "identity",
            expires_at: expires_at.0,
        }
    }
}
