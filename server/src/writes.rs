//! How often each seat, each account and each address may change something: by HTTP, by the WebSocket, by WHIP.

use crate::{
    limit::{Allowance, Buckets, ByAddress, network},
    settings::Settings,
};
use std::{net::IpAddr, time::Duration};
use viva_interview::{InterviewId, SeatId};

/// How much more an account may do over HTTP than a seat: an administrator's page adds a list at once.
const ACCOUNT: u32 = 10;
/// How often one seat may be taken: at once, and until once more. A page that comes back by itself waits longer.
const JOINS: Allowance = Allowance::new(30, Duration::from_secs(1));

/// How often the connection of a face check may be opened for one seat: a page on a bad line opens it again and again.
const FACES: Allowance = Allowance::new(20, Duration::from_secs(2));

/// How often a candidate may begin to upload a paper: ten at once, with some that are taken away again.
const PAPERS: Allowance = Allowance::new(30, Duration::from_secs(6));
/// SMS that administrators send themselves to see how they look: of each account, and of all together.
const SMS_TRIALS: Allowance = Allowance::new(3, Duration::from_secs(300));
const ALL_SMS_TRIALS: Allowance = Allowance::new(10, Duration::from_secs(60));

/// The limits of everything that writes.
#[derive(Debug)]
pub struct Writes {
    addresses: ByAddress,
    seats: Buckets<(InterviewId, SeatId)>,
    accounts: Buckets<String>,
    joins: Buckets<(String, String)>,
    faces: Buckets<(InterviewId, SeatId)>,
    papers: Buckets<(InterviewId, SeatId)>,
    sms_trials: Buckets<String>,
    all_sms_trials: Buckets<()>,
}

impl Writes {
    /// As the settings have them.
    pub fn new(settings: &Settings) -> Self {
        let &Settings { seat_rate, seat_burst, address_rate, address_burst, .. } = settings;
        let account = |figure: u32| figure.saturating_mul(ACCOUNT);
        Self {
            addresses: ByAddress::new(Allowance::per_second(address_rate, address_burst)),
            seats: Buckets::new(Allowance::per_second(seat_rate, seat_burst)),
            accounts: Buckets::new(Allowance::per_second(account(seat_rate), account(seat_burst))),
            joins: Buckets::new(JOINS),
            faces: Buckets::new(FACES),
            papers: Buckets::new(PAPERS),
            sms_trials: Buckets::new(SMS_TRIALS),
            all_sms_trials: Buckets::new(ALL_SMS_TRIALS),
        }
    }

    /// Somebody behind this address changes something.
    ///
    /// # Errors
    /// How long to wait.
    pub fn by_address(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.addresses.take(address, now)
    }

    /// A seat changes something, by whichever way.
    ///
    /// # Errors
    /// How long to wait.
    pub fn by_seat(&self, interview: InterviewId, seat: SeatId, now: Duration) -> Result<(), Duration> {
        self.seats.take((interview, seat), now)
    }

    /// An account changes something.
    ///
    /// # Errors
    /// How long to wait.
    pub fn by_account(&self, account: &str, now: Duration) -> Result<(), Duration> {
        self.accounts.take(account.to_owned(), now)
    }

    /// Somebody takes the seat of this identity in a room.
    ///
    /// # Errors
    /// How long to wait.
    pub fn join(&self, room: &str, identity: &str, now: Duration) -> Result<(), Duration> {
        self.joins.take((room.to_owned(), identity.to_owned()), now)
    }

    /// A candidate opens the connection of a face check.
    ///
    /// # Errors
    /// How long to wait.
    pub fn face_check(&self, interview: InterviewId, seat: SeatId, now: Duration) -> Result<(), Duration> {
        self.faces.take((interview, seat), now)
    }

    /// A candidate uploads a paper.
    ///
    /// # Errors
    /// How long to wait.
    pub fn paper(&self, interview: InterviewId, seat: SeatId, now: Duration) -> Result<(), Duration> {
        self.papers.take((interview, seat), now)
    }

    /// An administrator sends an SMS as a trial.
    ///
    /// # Errors
    /// How long to wait.
    pub fn sms_trial(&self, account: &str, now: Duration) -> Result<(), Duration> {
        self.sms_trials.take(account.to_owned(), now)?;
        self.all_sms_trials.take((), now).inspect_err(|_| self.sms_trials.give_back(&account.to_owned()))
    }

    /// Somebody takes a seat again by its session. Its beginning names the participant and is no secret, so that it counts
    /// together with the address: nobody uses up what another has.
    ///
    /// # Errors
    /// How long to wait.
    pub fn resume(&self, address: IpAddr, session: &str, now: Duration) -> Result<(), Duration> {
        let participant = session.chars().take(16).collect();
        self.joins.take((network(address).to_string(), participant), now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Sources;

    const START: Duration = Duration::from_secs(1_800_000_000);
    const HALL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn writes() -> Writes {
        Writes::new(&Sources::default().load().unwrap())
    }

    /// What a candidate writes on the way in: code, password, SMS, its code, three devices, seat, join.
    const WAY_IN: u64 = 9;

    #[test]
    fn a_hall_behind_one_address_comes_in_at_the_same_minute() {
        let writes = writes();
        for step in 0..WAY_IN {
            for person in 0..200 {
                // The first steps of all fall into one second, the others follow within the minute.
                let now = START + Duration::from_millis(step * 6000 + person);
                assert_eq!(writes.by_address(HALL, now), Ok(()), "{person} at {step}");
                assert_eq!(writes.by_seat(InterviewId(1), SeatId(person), now), Ok(()));
            }
        }
        let all_at_once = (0..200 * WAY_IN).all(|_| writes.by_address([192, 0, 2, 2].into(), START).is_ok());
        assert!(all_at_once, "even where nobody waits for anybody");
    }

    #[test]
    fn a_hall_whose_devices_all_fail_and_who_all_ask_is_slowed_no_more() {
        let writes = writes();
        // Three devices that cannot be used and can again, and some lines to the hosts, beside the way in.
        let each = WAY_IN + 6 + 5;
        for step in 0..each {
            for person in 0..200 {
                let now = START + Duration::from_millis(step * 3000 + person);
                assert_eq!(writes.by_address(HALL, now), Ok(()), "{person} at {step}");
                assert_eq!(writes.by_seat(InterviewId(1), SeatId(person), now), Ok(()));
            }
        }
    }

    #[test]
    fn one_fast_honest_person_is_not_slowed_and_a_flood_is() {
        let writes = writes();
        let seat =
            |n: u64, ms: u64| writes.by_seat(InterviewId(1), SeatId(n), START + Duration::from_millis(ms));
        // A keyboard that is hit three times a second for an hour.
        assert!((0..3 * 3600).all(|n| seat(1, n * 1000 / 3).is_ok()));
        let flood = (0..10_000).filter(|n| seat(2, n / 2).is_ok()).count();
        assert!((100..=130).contains(&flood), "{flood} in five seconds");
        let wait = seat(2, 4999).unwrap_err();
        assert!(wait <= Duration::from_millis(200), "{wait:?}");
        assert_eq!(seat(3, 5000), Ok(()), "the neighbour notices nothing");
    }

    #[test]
    fn few_trials_of_sms_go_out_however_many_accounts_there_are() {
        let writes = writes();
        assert_eq!((0..100).filter(|_| writes.sms_trial("a", START).is_ok()).count(), 3);
        assert_eq!(writes.sms_trial("a", START), Err(Duration::from_secs(300)));
        let others = (0..100).filter(|n| writes.sms_trial(&n.to_string(), START).is_ok()).count();
        assert_eq!(others, 7, "ten in all");
        assert_eq!(writes.sms_trial("99", START + Duration::from_secs(180)), Ok(()), "it used nothing up");
    }

    #[test]
    fn a_seat_is_taken_as_often_as_a_bad_network_needs_it_and_no_more() {
        let writes = writes();
        let joins = (0..1000).filter(|_| writes.join("room", "a", START).is_ok()).count();
        assert_eq!(joins, 30);
        assert_eq!(writes.join("room", "b", START), Ok(()));
        assert_eq!(writes.join("room", "a", START), Err(Duration::from_secs(1)));
        let resume = |address: [u8; 4], secret: u32| {
            writes.resume(address.into(), &format!("0123456789abcdef{secret}"), START)
        };
        assert_eq!((0..1000).filter(|n| resume([192, 0, 2, 1], *n).is_ok()).count(), 30);
        assert_eq!(
            resume([192, 0, 2, 2], 0),
            Ok(()),
            "who knows a participant's id uses nothing of theirs up"
        );
    }
}
