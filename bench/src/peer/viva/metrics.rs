//! Reads what the server counted from its metrics (Prometheus' text form).

use crate::peer::Counters;

/// Sums over all shards.
pub fn read(text: &str) -> Counters {
    let sum = |name: &str| -> u64 {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let values = lines.filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let own = series.split('{').next()?;
            (own == name).then(|| value.parse::<f64>().ok()).flatten()
        });
        values.sum::<f64>() as u64
    };
    let send_calls = sum("viva_udp_send_calls_total");
    // One wait a turn; each turn ends with a receive call that finds nothing.
    let turns = sum("viva_shard_turns_total");
    Counters {
        forwarded: sum("viva_packets_forwarded_total"),
        packets_out: sum("viva_packets_out_total"),
        packets_in: sum("viva_packets_in_total"),
        bytes_out: sum("viva_bytes_out_total"),
        system_calls: send_calls + sum("viva_udp_receive_calls_total") + turns,
        messages: sum("viva_transmits_total"),
        retransmitted: sum("viva_retransmitted_total"),
        dropped: sum("viva_packets_dropped_total") + sum("viva_udp_full_drops_total"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_and_reasons_are_added_up() {
        let text = "# HELP x y\nviva_packets_forwarded_total{shard=\"0\"} 7\nviva_packets_forwarded_total{shard=\"1\"} 5\n\
                    viva_packets_dropped_total{shard=\"0\",reason=\"a b\"} 2\nviva_packets_dropped_total{shard=\"0\",reason=\"c\"} 3\n";
        let counters = read(text);
        assert_eq!((counters.forwarded, counters.dropped), (12, 5));
    }
}
