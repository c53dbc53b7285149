//! When the next delivery of what came is due.

use super::saved::When;
use crate::article::{KST, Timestamp};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl When {
    /// The first moment from `now` on at which something may be delivered; daily at this minute of the Korean day.
    pub fn due(self, now: Timestamp, daily_at: u32) -> Timestamp {
        let now_s = now.seconds();
        let next = |period: i64, offset: i64| {
            let past = (now_s - offset).rem_euclid(period);
            if past == 0 { now_s } else { now_s - past + period }
        };
        match self {
            Self::AtOnce => now,
            Self::Hourly => Timestamp::from_seconds(next(HOUR, 0)),
            Self::Daily => {
                Timestamp::from_seconds(next(DAY, i64::from(daily_at) * 60 - i64::from(KST.whole_seconds())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_full_and_days_korean() {
        // 2026-02-05T10:58:19+09:00.
        let now = Timestamp::from_seconds(1_770_256_699);
        let due = |when: When, daily_at| when.due(now, daily_at).to_string();
        assert_eq!(due(When::AtOnce, 0), "2026-02-05T10:58:19+09:00");
        assert_eq!(due(When::Hourly, 0), "2026-02-05T11:00:00+09:00");
        assert_eq!(due(When::Daily, 7 * 60), "2026-02-06T07:00:00+09:00");
        assert_eq!(due(When::Daily, 11 * 60 + 30), "2026-02-05T11:30:00+09:00");
        let morning = Timestamp::from_seconds(1_770_242_400);
        assert_eq!(When::Daily.due(morning, 7 * 60), morning);
    }
}
