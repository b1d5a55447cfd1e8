//! The SMS that an interview causes, in words.

use super::Sitting;
use crate::{
    clock::now,
    institution::Institution,
    random,
    sms::PhoneNumber,
    store::{NewMessage, StoreError},
};
use viva_interview::{CandidateRow, Effect, SeatId, SmsKind, Time};

/// How long a code holds, as the interview has it.
const CODE_MINUTES: u64 = 5;

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
        let compose = |(seat, phone, kind): &(SeatId, &str, SmsKind)| match kind {
            SmsKind::Invitation => self
                .interview
                .candidate_row(*seat)
                .map(|row| self.invitation(*seat, phone, &row, &institution, at)),
            SmsKind::Code => sms_code.map(|code| self.code(*seat, phone, code, &institution, at)),
        };
        Ok(sends.iter().filter_map(compose).collect())
    }

    fn invitation(
        &self,
        seat: SeatId,
        phone: &str,
        row: &CandidateRow,
        institution: &Institution,
        at: Time,
    ) -> NewMessage {
        let interview = self.interview.row();
        let code = row.code.to_string();
        let link = format!("{}/i#{code}", self.around.settings.base_url());
        let sender = &institution.institution;
        let (person, name) = (&row.name, &interview.name);
        let text = format!("【{sender}】{person}，您好！{name}的面谈邀请码：{code}。进入面谈：{link}");
        let params = [("name", person.clone()), ("interview", name.clone()), ("code", code), ("link", link)];
        self.message(seat, phone, "invitation", text, &params, (at, interview.closes_at.max(at.plus(60_000))))
    }

    fn code(&self, seat: SeatId, phone: &str, code: &str, institution: &Institution, at: Time) -> NewMessage {
        let sender = &institution.institution;
        let text =
            format!("【{sender}】您的面谈身份验证码：{code}，{CODE_MINUTES} 分钟内有效，请勿告诉他人。");
        let params = [("code", code.to_owned()), ("minutes", CODE_MINUTES.to_string())];
        self.message(seat, phone, "identity", text, &params, (at, at.plus(CODE_MINUTES * 60_000)))
    }

    fn message(
        &self,
        seat: SeatId,
        phone: &str,
        kind: &str,
        text: String,
        params: &[(&str, String)],
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
            params: params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            urgent: kind == "identity",
            expires_at: expires_at.0,
        }
    }
}
