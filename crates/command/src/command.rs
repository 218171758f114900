//! A declaration joined with what runs it.

use crate::Spec;

/// A declaration joined with what runs it, or with the subcommands that do.
#[derive(Clone, Copy, Debug)]
pub struct Command<R: 'static> {
    /// What is declared.
    pub spec: Spec,
    /// What runs it; nothing where it is only a container of subcommands.
    pub run: Option<R>,
    /// The commands that are chosen by the second word.
    pub subcommands: &'static [Command<R>],
}

impl<R: Copy> Command<R> {
    /// The command also contains these, chosen by the second word.
    #[must_use]
    pub const fn subcommands(mut self, subcommands: &'static [Self]) -> Self {
        self.subcommands = subcommands;
        self
    }
}
