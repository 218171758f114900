fn rss() -> String { let s = std::fs::read_to_string("/proc/self/status").unwrap(); s.lines().filter(|l| l.starts_with("RssAnon")||l.starts_with("VmLck")||l.starts_with("Threads")||l.starts_with("VmPin")).collect::<Vec<_>>().join(" ") }
fn main() {
    println!("{}", rss());
    for n in [1, 1, 7, 7] {
        let t = std::time::Instant::now();
        let r = runtime_glommio::io_uring_available(n);
        println!("{n}: {r:?} {:?} {}", t.elapsed(), rss());
    }
    let e: Vec<_> = (0..7).map(|_| glommio::LocalExecutorBuilder::new(glommio::Placement::Unbound).io_memory(65536).ring_depth(32).make().unwrap()).collect();
    println!("held 7: {}", rss()); drop(e);
    let e: Vec<_> = (0..7).map(|_| glommio::LocalExecutorBuilder::new(glommio::Placement::Unbound).make().unwrap()).collect();
    println!("held 7 default: {}", rss()); drop(e);
}
