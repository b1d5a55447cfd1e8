//! The one table: who may send and receive what, by role, standing and kind of stage.

use crate::{Role, StageKind};

/// Where a seat stands in the interview at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Standing {
    /// The candidate whose turn it is; says nothing of other roles.
    pub current: bool,
    /// A candidate to whom the host talks just now, in the waiting room.
    pub addressed: bool,
    /// A candidate who has been given the word in a briefing.
    pub has_word: bool,
    /// A candidate whom the host has invited to share the screen.
    pub may_share: bool,
    /// A candidate with whose seat a phone is paired.
    pub has_second_camera: bool,
}

/// Where a track comes from; the same words as the media plane's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The person's voice, from the microphone that they chose.
    Microphone,
    /// The main camera.
    Camera,
    /// A second camera (双机位).
    SecondCamera,
    /// A shared screen.
    Screen,
    /// The sound of a shared screen.
    ScreenAudio,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Microphone, Self::Camera, Self::SecondCamera, Self::Screen, Self::ScreenAudio];
}

/// What a seat may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sends {
    /// The main camera, not the second one.
    pub camera: bool,
    /// The microphone; [`crate::Interview::rights`] takes it from who is muted.
    pub microphone: bool,
    /// A second camera.
    pub second_camera: bool,
    /// A shared screen with its sound.
    pub screen: bool,
}

impl Sends {
    /// May a track from there be sent?
    pub const fn allows(self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::SecondCamera => self.second_camera,
            Source::Screen | Source::ScreenAudio => self.screen,
        }
    }
}

/// Whose media a seat may receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Receives {
    /// Of the examiners and the host.
    pub panel: bool,
    /// Of the host; allowed alone where the panel is not.
    pub host: bool,
    /// Of the candidate whose turn it is.
    pub current_candidate: bool,
    /// Of the other candidates.
    pub other_candidates: bool,
}

/// What a seat may do with media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rights {
    /// What it may send.
    pub sends: Sends,
    /// Whose media it may receive.
    pub receives: Receives,
}

const NOTHING: Sends = Sends { camera: false, microphone: false, second_camera: false, screen: false };
/// Seen, not heard.
const PICTURE: Sends = Sends { camera: true, ..NOTHING };
/// Seen and heard.
const BOTH: Sends = Sends { microphone: true, ..PICTURE };
/// All there is.
const ALL: Sends = Sends { second_camera: true, screen: true, ..BOTH };

const NOBODY: Receives =
    Receives { panel: false, host: false, current_candidate: false, other_candidates: false };
/// The panel, the host in it.
const PANEL: Receives = Receives { panel: true, host: true, ..NOBODY };

/// What a seat may do. Who may be received must also be allowed to send: a route exists where both rows agree.
pub const fn permission(role: Role, standing: Standing, stage: StageKind) -> Rights {
    match role {
        Role::Candidate => candidate(standing, stage),
        // The panel may always speak: who hears it is the receivers' row.
        Role::Examiner => Rights { sends: ALL, receives: panel_receives(stage) },
        Role::Host => Rights { sends: ALL, receives: host_receives(stage) },
        Role::Patrol => Rights { sends: NOTHING, receives: panel_receives(stage) },
    }
}

const fn candidate(standing: Standing, stage: StageKind) -> Rights {
    let waiting = Rights {
        sends: if standing.addressed { BOTH } else { PICTURE },
        receives: Receives { host: standing.addressed, ..NOBODY },
    };
    let briefing = Rights { sends: if standing.has_word { BOTH } else { PICTURE }, receives: PANEL };
    match (stage, standing.current) {
        (StageKind::Interview | StageKind::Announcement | StageKind::Confirmation, true) => {
            let Standing { may_share: screen, has_second_camera: second_camera, .. } = standing;
            Rights { sends: Sends { second_camera, screen, ..BOTH }, receives: PANEL }
        }
        (StageKind::Briefing | StageKind::JointAnnouncement, _) => briefing,
        (StageKind::End, _) => Rights { sends: NOTHING, receives: NOBODY },
        (
            StageKind::Waiting
            | StageKind::Deliberation
            | StageKind::Interview
            | StageKind::Announcement
            | StageKind::Confirmation,
            _,
        ) => waiting,
    }
}

const fn panel_receives(stage: StageKind) -> Receives {
    match stage {
        StageKind::Briefing | StageKind::JointAnnouncement => {
            Receives { current_candidate: true, other_candidates: true, ..PANEL }
        }
        StageKind::Interview | StageKind::Announcement | StageKind::Confirmation => {
            Receives { current_candidate: true, ..PANEL }
        }
        StageKind::Waiting | StageKind::Deliberation | StageKind::End => PANEL,
    }
}

/// The host also sees those who wait.
const fn host_receives(stage: StageKind) -> Receives {
    let panel = panel_receives(stage);
    let all_wait = matches!(stage, StageKind::Waiting);
    Receives { other_candidates: true, current_candidate: panel.current_candidate || all_wait, ..panel }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: Standing = Standing {
        current: false,
        addressed: false,
        has_word: false,
        may_share: false,
        has_second_camera: false,
    };
    const CURRENT: Standing = Standing { current: true, ..OTHER };
    /// All at once: what no order of events brings about, the table still answers.
    const EVERYTHING: Standing =
        Standing { current: true, addressed: true, has_word: true, may_share: true, has_second_camera: true };

    #[test]
    fn in_the_interview_the_current_candidate_and_the_panel_have_each_other_and_nobody_else() {
        let candidate = permission(Role::Candidate, CURRENT, StageKind::Interview);
        assert_eq!((candidate.sends, candidate.receives), (BOTH, PANEL));
        let examiner = permission(Role::Examiner, OTHER, StageKind::Interview);
        assert!(examiner.receives.current_candidate && !examiner.receives.other_candidates);
        let other = permission(Role::Candidate, OTHER, StageKind::Interview);
        assert_eq!((other.sends, other.receives), (PICTURE, NOBODY));
    }

    #[test]
    fn deliberation_cuts_the_candidate_from_the_panel_both_ways() {
        for standing in [CURRENT, OTHER] {
            assert_eq!(permission(Role::Candidate, standing, StageKind::Deliberation).receives, NOBODY);
        }
        for role in [Role::Examiner, Role::Host, Role::Patrol] {
            let receives = permission(role, OTHER, StageKind::Deliberation).receives;
            assert!(receives.panel && !receives.current_candidate, "{role:?}");
        }
    }

    #[test]
    fn who_waits_hears_the_host_only_when_addressed() {
        let addressed = Standing { addressed: true, ..OTHER };
        let receives = permission(Role::Candidate, addressed, StageKind::Waiting).receives;
        assert_eq!(receives, Receives { host: true, ..NOBODY });
        assert_eq!(permission(Role::Candidate, OTHER, StageKind::Waiting).receives, NOBODY);
    }

    #[test]
    fn only_the_host_sees_those_who_wait() {
        for role in Role::ALL {
            let receives = permission(role, OTHER, StageKind::Waiting).receives;
            assert_eq!(
                receives.current_candidate && receives.other_candidates,
                role == Role::Host,
                "{role:?}"
            );
        }
    }

    #[test]
    fn in_a_briefing_only_a_candidate_with_the_word_is_heard() {
        let with_word = Standing { has_word: true, ..OTHER };
        for stage in [StageKind::Briefing, StageKind::JointAnnouncement] {
            assert_eq!(permission(Role::Candidate, OTHER, stage).sends, PICTURE);
            assert_eq!(permission(Role::Candidate, with_word, stage).sends, BOTH);
            assert_eq!(permission(Role::Candidate, OTHER, stage).receives, PANEL);
        }
    }

    #[test]
    fn a_screen_is_shared_by_the_current_candidate_on_invitation_and_by_the_panel_always() {
        let before_the_panel = [StageKind::Interview, StageKind::Announcement, StageKind::Confirmation];
        for stage in StageKind::ALL {
            let shares = |standing| permission(Role::Candidate, standing, stage).sends.screen;
            assert!(!shares(CURRENT) && !shares(Standing { may_share: true, ..OTHER }), "{stage:?}");
            assert_eq!(shares(EVERYTHING), before_the_panel.contains(&stage), "{stage:?}");
            for role in [Role::Examiner, Role::Host] {
                assert!(permission(role, OTHER, stage).sends.screen, "{role:?} {stage:?}");
            }
        }
    }

    #[test]
    fn a_second_camera_is_seen_by_the_panel_when_a_phone_is_paired_and_the_candidate_is_before_it() {
        let paired = Standing { has_second_camera: true, ..CURRENT };
        for stage in StageKind::ALL {
            let sends = |standing| permission(Role::Candidate, standing, stage).sends;
            assert!(!sends(CURRENT).second_camera, "{stage:?}");
            assert!(!sends(Standing { current: false, ..paired }).second_camera, "{stage:?}");
            assert_eq!(sends(paired).second_camera, sends(EVERYTHING).screen, "{stage:?}");
        }
    }

    #[test]
    fn over_all_stages_no_candidate_receives_a_candidate_and_no_patrol_sends() {
        for stage in StageKind::ALL {
            for standing in [CURRENT, OTHER, EVERYTHING] {
                let candidate = permission(Role::Candidate, standing, stage).receives;
                assert!(!candidate.current_candidate && !candidate.other_candidates, "{stage:?}");
                assert_eq!(permission(Role::Patrol, standing, stage).sends, NOTHING, "{stage:?}");
            }
        }
    }

    #[test]
    fn the_end_closes_the_candidate_s_media() {
        assert_eq!(permission(Role::Candidate, EVERYTHING, StageKind::End), Rights::default());
    }

    #[test]
    fn patrol_receives_what_the_examiners_receive_and_stands_on_no_list() {
        for stage in StageKind::ALL {
            let receives = |role| permission(role, OTHER, stage).receives;
            assert_eq!(receives(Role::Patrol), receives(Role::Examiner), "{stage:?}");
        }
        assert_eq!(
            Role::ALL.into_iter().filter(|role| !role.is_listed()).collect::<Vec<_>>(),
            [Role::Patrol]
        );
    }
}
