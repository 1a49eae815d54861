//! The story of every deal: when it came, how far it got, who carries it and what it is worth.

use fastrand::Rng;

use super::{super::Id, Ground, companies::Company, contacts::Contact, days::DAY, team::seller, words::pick};

/// What kind of business a deal is; each lives in its own sub-pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Sales,
    Enterprise,
    Service,
    Partner,
}

/// How far a deal is, in the words of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Early,
    Middle,
    Late,
    Won,
    Lost,
}

impl Phase {
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Early | Self::Middle | Self::Late)
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Middle => "middle",
            Self::Late => "late",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

impl Family {
    pub const fn index(self) -> usize {
        self as usize
    }

    pub const fn word(self) -> &'static str {
        ["sales", "enterprise", "service", "partner"][self as usize]
    }

    /// Place of the layout and of the sub-pipeline in it.
    pub const fn place(self) -> (usize, usize) {
        [(0, 0), (0, 1), (1, 0), (2, 0)][self as usize]
    }

    /// Days that half of the deals need from first contact to the end.
    const fn cycle(self) -> i64 {
        [42, 110, 30, 75][self as usize]
    }

    /// Deals of a hundred closed ones that are won.
    const fn won_of_100(self) -> u8 {
        [38, 27, 80, 45][self as usize]
    }

    /// The amount that half of the deals reach, in dollars.
    const fn amount(self) -> i64 {
        [7_400, 48_000, 1_900, 16_000][self as usize]
    }

    fn draw(rng: &mut Rng) -> Self {
        match rng.u8(0..100) {
            ..58 => Self::Sales,
            58..68 => Self::Enterprise,
            68..88 => Self::Service,
            _ => Self::Partner,
        }
    }
}

/// A deal, as far as notes, activities and lines are made from it.
#[derive(Debug)]
pub(super) struct Deal {
    pub id: Id,
    pub family: Family,
    /// Place of the stage in its sub-pipeline.
    pub stage: u8,
    pub phase: Phase,
    pub owner: u32,
    pub company: u32,
    pub contact: Option<u32>,
    pub created: i64,
    /// When it came into its stage.
    pub moved: i64,
    pub modified: i64,
    pub last_activity: i64,
    /// Days from today.
    pub closing: i32,
    /// How often the closing date was put off, and by how many days in all.
    pub postponed: Option<(u8, i32)>,
    /// In dollars; early deals may have none.
    pub amount: Option<i64>,
    /// Whether somebody planned what comes next.
    pub planned: bool,
}

/// Percent of a median, at even steps of probability: a log-normal distribution without logarithms, so that
/// every machine draws the same.
const SPREAD: [i64; 11] = [22, 38, 52, 66, 82, 100, 122, 153, 205, 310, 620];

fn around(rng: &mut Rng, median: i64) -> i64 {
    let place = rng.usize(..SPREAD.len() - 1);
    let (low, high) = (SPREAD[place], SPREAD[place + 1]);
    median * rng.i64(low..=high) / 100
}

/// An amount as people write it down: round, but not always.
fn rounded(rng: &mut Rng, amount: i64) -> i64 {
    let step = match amount {
        ..1_000 => 10,
        1_000..10_000 => pick(rng, &[50, 100, 250, 500]),
        10_000..100_000 => pick(rng, &[100, 500, 1_000]),
        _ => pick(rng, &[1_000, 5_000]),
    };
    if rng.u8(0..8) == 0 { amount } else { ((amount + step / 2) / step * step).max(step) }
}

/// How many days ago a deal came: many came lately, the rest over a year and a half.
fn age(rng: &mut Rng) -> i64 {
    match rng.u8(0..10) {
        0..4 => rng.i64(0..75),
        4..7 => rng.i64(75..200),
        _ => rng.i64(200..540),
    }
}

/// Makes the deals up, in the order in which they came.
pub(super) fn invent(
    ground: &Ground<'_>,
    rng: &mut Rng,
    companies: &mut [Company],
    contacts: &mut [Contact],
    ids: impl Iterator<Item = Id>,
) -> Vec<Deal> {
    let mut deals = Vec::with_capacity(ground.plan.deals);
    for (created, id) in ground.calendar.arrivals(rng, ground.plan.deals, age).into_iter().zip(ids) {
        let family = Family::draw(rng);
        // A few companies buy often.
        let company = rng.usize(..companies.len()) * (rng.usize(..companies.len()) + 1) / companies.len();
        let people = &companies[company].contacts;
        let contact = (!people.is_empty() && rng.u8(0..12) > 0).then(|| pick(rng, people));
        let own = usize::from(rng.u8(0..3) > 0 && family == Family::Sales);
        let owner =
            if own == 1 { companies[company].owner } else { seller(rng, &ground.sellers, family.index()) };
        let story = Story::of(ground, rng, family, created);
        let early = story.phase == Phase::Early;
        let amount = (!early || rng.u8(0..5) > 0).then(|| {
            let amount = around(rng, family.amount());
            rounded(rng, amount)
        });
        let touched = story.moved.max(story.edited);
        companies[company].last_activity = companies[company].last_activity.max(touched);
        if let Some(contact) = contact {
            contacts[contact].last_activity = contacts[contact].last_activity.max(touched);
        }
        deals.push(Deal {
            id,
            family,
            stage: story.stage,
            phase: story.phase,
            owner: narrow(owner),
            company: narrow(company),
            contact: contact.map(narrow),
            created,
            moved: story.moved,
            modified: touched,
            last_activity: touched,
            closing: story.closing,
            postponed: story.postponed,
            amount,
            planned: story.phase.is_open() && rng.u8(0..10) < 8,
        });
    }
    deals
}

fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// How far a deal got.
struct Story {
    stage: u8,
    phase: Phase,
    moved: i64,
    edited: i64,
    closing: i32,
    postponed: Option<(u8, i32)>,
}

impl Story {
    fn of(ground: &Ground<'_>, rng: &mut Rng, family: Family, created: i64) -> Self {
        let now = ground.calendar.now;
        let age = (now - created) / DAY;
        let cycle = around(rng, family.cycle()).max(3);
        let stages = ground.stages(family);
        let open = u8::try_from(stages.saturating_sub(2)).unwrap_or(1).max(1);
        let stuck = (30..320).contains(&age) && rng.u8(0..100) < 8;
        if age >= cycle && !stuck {
            return Self::ended(ground, rng, family, created, cycle, open);
        }
        // How far along, in percent of the way; a stuck deal stands still somewhere on it.
        let way = if stuck { rng.i64(10..85) } else { (age * 100 / cycle).min(99) * rng.i64(70..=115) / 100 };
        let stage = u8::try_from(i64::from(open) * way.clamp(0, 99) / 100).unwrap_or(0);
        let moved = match stage {
            0 => created,
            _ if stuck => ground.calendar.between(rng, created, created + (now - created) / 3),
            _ => ground.calendar.between(rng, created + (now - created) / 2, now - 600),
        };
        let edited = if rng.u8(0..3) == 0 { ground.calendar.between(rng, moved, now - 300) } else { moved };
        let left = if stuck { rng.i64(-60..25) } else { (cycle - age).max(2) * rng.i64(80..=130) / 100 };
        let overdue = !stuck && age > 20 && rng.u8(0..100) < 9;
        let closing = match () {
            () if overdue => -rng.i64(1..30),
            () if rng.u8(0..100) < 35 => ground.calendar.month_end(left),
            () => left,
        };
        let slipped = age > 20 && rng.u8(0..100) < if stuck { 65 } else { 18 };
        let postponed = slipped.then(|| {
            let times = rng.u8(1..=if stuck { 4 } else { 2 });
            (times, i32::from(times) * rng.i32(9..32))
        });
        Self { stage, phase: phase(stage, open), moved, edited, closing: days(closing), postponed }
    }

    fn ended(ground: &Ground<'_>, rng: &mut Rng, family: Family, created: i64, cycle: i64, open: u8) -> Self {
        let won = rng.u8(0..100) < family.won_of_100();
        let end = created + cycle * DAY;
        let moved =
            ground.calendar.between(rng, end.min(ground.calendar.now) - DAY, ground.calendar.now.min(end));
        let moved = moved.max(created + 600);
        let edited =
            if rng.u8(0..6) == 0 { ground.calendar.between(rng, moved, ground.calendar.now) } else { moved };
        let postponed = (rng.u8(0..100) < 22).then(|| (rng.u8(1..4), rng.i32(7..60)));
        Self {
            stage: open + u8::from(!won),
            phase: if won { Phase::Won } else { Phase::Lost },
            moved,
            edited,
            closing: days(ground.calendar.days_until(moved)),
            postponed,
        }
    }
}

fn days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or_default()
}

fn phase(stage: u8, open: u8) -> Phase {
    match u32::from(stage) * 100 / u32::from(open) {
        ..40 => Phase::Early,
        40..75 => Phase::Middle,
        _ => Phase::Late,
    }
}
