//! Tests of the shard engine by its verbs.
