//! All cores in one thread on a seeded schedule with a virtual clock.
//!
//! The cores are the very same as on the real runtimes; what is simulated is everything around
//! them: who runs next ([`scheduler`]), what time it is ([`clock`]), and the connections, whose
//! bytes arrive in pieces of any size ([`network`]). Every choice is drawn from one seed, so a
//! failing run is one number.
//!
//! ```text
//!   test ---send---> [ in flight ] ---a piece at a time---> [ arrived ] ---recv---> core
//!   test <-received- [        to the client, bounded        ] <-----------send----- core
//! ```

pub mod clock;
pub mod network;
pub mod scheduler;

mod link;

pub use clock::VirtualClock;
pub use scheduler::{ClientId, Sim, Unfinished};
