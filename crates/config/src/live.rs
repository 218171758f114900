//! CONFIG GET and CONFIG SET on a running server's values.
//!
//! The session asks its client's place in the world (`is_local`) and puts the answers into replies;
//! what a change means to listeners, log or limits is the server's business.

use stdx::glob;

use crate::parameter::{Mutability, Parameter, Reason};
use crate::table::{PARAMETERS, lookup};
use crate::values::Config;

/// Why CONFIG SET changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    Unknown { name: Vec<u8> },
    Refused { name: Vec<u8>, reason: Reason },
}

impl SetError {
    /// A parameter's value was legal, but the world refused it ("Unable to listen on this port").
    pub fn refused(parameter: &Parameter, reason: impl Into<Reason>) -> SetError {
        SetError::Refused { name: parameter.name.into(), reason: reason.into() }
    }

    /// The text of the error reply.
    pub fn reply(&self) -> Vec<u8> {
        match self {
            SetError::Unknown { name } => {
                let before = b"ERR Unknown option or number of arguments for CONFIG SET - '";
                [before, printable(name).as_slice(), b"'"].concat()
            }
            SetError::Refused { name, reason } => [
                b"ERR CONFIG SET failed (possibly related to argument '",
                printable(name).as_slice(),
                b"') - ",
                reason.as_bytes(),
            ]
            .concat(),
        }
    }
}

/// REDIS: a name in an error text ends at its first NUL and has spaces for line breaks.
fn printable(name: &[u8]) -> Vec<u8> {
    let until_nul = name.split(|byte| *byte == 0).next().unwrap_or_default();
    until_nul.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte }).collect()
}

impl Config {
    /// The value of one parameter as CONFIG GET reports it; none if there is no such parameter.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        lookup(name.as_bytes()).map(|parameter| parameter.get(self))
    }

    /// Names and values of all parameters that match at least one pattern, each once.
    ///
    /// REDIS: a name given without wildcards is answered in the letters of the question.
    pub fn get_matching(&self, patterns: &[&[u8]]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        for parameter in PARAMETERS {
            let name = parameter.name.as_bytes();
            let asked = patterns.iter().find_map(|pattern| {
                if pattern.eq_ignore_ascii_case(name) {
                    Some(pattern.to_vec())
                } else {
                    glob::matches(pattern, name, true).then(|| name.to_vec())
                }
            });
            if let Some(name) = asked {
                found.push((name, parameter.get(self)));
            }
        }
        found
    }

    /// CONFIG SET: all of the pairs or none. Answers which parameters have another value now.
    pub fn set_many(
        &mut self,
        pairs: &[(&[u8], &[u8])],
        is_local: bool,
    ) -> Result<Vec<&'static Parameter>, SetError> {
        let mut chosen: Vec<&'static Parameter> = Vec::with_capacity(pairs.len());
        for (name, _) in pairs {
            let parameter =
                lookup(name).ok_or_else(|| SetError::Unknown { name: name.to_vec() })?;
            self.may_set(parameter, &chosen, is_local).map_err(|reason| SetError::Refused {
                name: name.to_vec(),
                reason: reason.into(),
            })?;
            chosen.push(parameter);
        }
        let mut changed = self.clone();
        for (parameter, (_, text)) in chosen.iter().zip(pairs) {
            parameter
                .set(&mut changed, text)
                .map_err(|reason| SetError::refused(parameter, reason))?;
        }
        chosen.retain(|parameter| parameter.get(self) != parameter.get(&changed));
        *self = changed;
        Ok(chosen)
    }

    fn may_set(
        &self,
        parameter: &Parameter,
        earlier: &[&Parameter],
        is_local: bool,
    ) -> Result<(), &'static str> {
        match parameter.mutability {
            Mutability::Immutable => return Err("can't set immutable config"),
            Mutability::Protected if !self.enable_protected_configs.permits(is_local) => {
                return Err("can't set protected config");
            }
            Mutability::Protected | Mutability::Mutable => {}
        }
        if earlier.iter().any(|other| other.name == parameter.name) {
            return Err("duplicate parameter");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
