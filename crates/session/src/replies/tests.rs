//! Replies leave in the order of their requests, whatever the order of their pieces.

use proptest::{collection::vec, proptest};

use super::*;

/// Replies of these lengths (some are big values), and where each of them ends.
fn made(lengths: &[usize], fill: u8) -> (ReplyBuffer, Vec<usize>) {
    let mut reply = ReplyBuffer::new();
    let mut ends = Vec::new();
    for &length in lengths {
        let value = bytes::Bytes::from(vec![fill; length]);
        ReplyWriter::new(&mut reply, Protocol::Resp2).bulk_shared(&value);
        ends.push(reply.len());
    }
    (reply, ends)
}

fn arrive(replies: &mut Replies, ticket: Ticket, text: &str) {
    let mut reply = ReplyBuffer::new();
    ReplyWriter::new(&mut reply, Protocol::Resp2).simple(text);
    let ends = [reply.len()];
    let block = Block { reply: &mut reply, start: 0, ends: &ends };
    replies.arrived(ticket, Strand::of_core(1), block);
    assert!(reply.is_empty());
}

#[test]
fn replies_leave_in_request_order() {
    let mut replies = Replies::default();
    replies.here(Protocol::Resp2, |writer| writer.simple("1"));
    let second = replies.away(1);
    replies.here(Protocol::Resp2, |writer| writer.simple("3"));
    replies.here(Protocol::Resp2, |writer| writer.simple("4"));
    let fifth = replies.away(1);
    let sixth = replies.away(1);
    replies.here(Protocol::Resp2, |writer| writer.simple("7"));
    assert_eq!(replies.ready().to_vec(), b"+1\r\n");
    arrive(&mut replies, sixth, "6");
    assert_eq!(replies.ready().to_vec(), b"+1\r\n");
    assert_eq!(replies.awaited(), 2);
    assert!([second, fifth].into_iter().all(|ticket| replies.is_awaited(ticket)));
    assert!(!replies.is_awaited(sixth), "it waits for its turn alone");
    arrive(&mut replies, second, "2");
    assert!(!replies.is_awaited(second) && replies.is_awaited(fifth));
    assert_eq!(replies.ready().to_vec(), b"+1\r\n+2\r\n+3\r\n+4\r\n");
    arrive(&mut replies, fifth, "5");
    assert_eq!(replies.ready().to_vec(), b"+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n+6\r\n+7\r\n");
    assert!(replies.is_settled());
}

/// A pipeline whose requests go to these places (0 is here), with replies of these lengths; its
/// blocks come in this order, with others before them in their envelope.
fn check_weave(requests: &[(usize, usize)], order: &[usize], is_behind: bool) {
    let mut replies = Replies::default();
    let before = is_behind.then(|| replies.away(1));
    let mut runs: Vec<Run> = Vec::new();
    let mut expected = ReplyBuffer::new();
    for &(place, length) in requests {
        made(&[length], place as u8).0.move_front(made(&[length], 0).0.len(), &mut expected);
        let strand = if place == 0 { Strand::HERE } else { Strand::of_core(place) };
        let bytes = if place > 0 {
            0
        } else {
            let value = bytes::Bytes::from(vec![0; length]);
            replies.aside(Protocol::Resp2, |writer| writer.bulk_shared(&value)).1
        };
        runs.push(Run { strand, replies: 1, bytes });
    }
    let away = |place: usize| requests.iter().filter(move |it| it.0 == place).map(|it| it.1);
    let ticket = replies.weave(&runs);
    assert_eq!(replies.awaited(), (1..5).flat_map(away).count() + usize::from(is_behind));
    assert!(replies.is_awaited(ticket));
    let after = replies.away(1);
    for &place in order.iter().filter(|place| away(**place).count() > 0) {
        let lengths: Vec<usize> = away(place).collect();
        let (mut reply, ends) = made(&[&[3], &lengths[..]].concat(), place as u8);
        let start = ends[0];
        reply.consume(start);
        let block = Block { reply: &mut reply, start, ends: &ends[1..] };
        replies.arrived(ticket, Strand::of_core(place), block);
        assert!(reply.is_empty());
    }
    assert!(!replies.is_awaited(ticket) && replies.is_awaited(after));
    if let Some(before) = before {
        assert!(replies.ready().is_empty());
        arrive(&mut replies, before, "before");
        replies.out().consume(b"+before\r\n".len());
    }
    assert_eq!(replies.ready().to_vec(), expected.to_vec());
    arrive(&mut replies, after, "after");
    assert!(replies.is_settled());
}

proptest! {
    #[test]
    fn blocks_are_woven_in_request_order(
        mut requests in vec((0usize..4, 0usize..40), 1..30),
        big in 0usize..60,
        turn in 0usize..3,
        is_behind: bool,
    ) {
        requests.push((1, 5));
        if let Some(request) = requests.get_mut(big) {
            request.1 = resp::BIG_VALUE + 3;
        }
        let mut order = [1, 2, 3];
        order.rotate_left(turn);
        check_weave(&requests, &order, is_behind);
        let two: Vec<_> = requests.iter().map(|it| (it.0 % 2, it.1)).collect();
        check_weave(&two, &order, is_behind);
    }
}
