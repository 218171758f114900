//! Tips: what a client or a proxy may know about a command beyond its flags.
//!
//! A tip is a word of COMMAND INFO. The first two speak of the answer, the request policies of the
//! nodes of a cluster that must be asked, the response policies of how their answers become one.

/// The answer depends on more than the data: a clock, chance, the host.
pub const NONDETERMINISTIC_OUTPUT: &str = "nondeterministic_output";
/// The same elements may come in another order next time.
pub const NONDETERMINISTIC_OUTPUT_ORDER: &str = "nondeterministic_output_order";

/// Ask every node, replicas included.
pub const REQUEST_ALL_NODES: &str = "request_policy:all_nodes";
/// Ask every primary.
pub const REQUEST_ALL_SHARDS: &str = "request_policy:all_shards";
/// Ask the nodes that own the keys, each for its own keys.
pub const REQUEST_MULTI_SHARD: &str = "request_policy:multi_shard";
/// Which nodes to ask is peculiar to the command.
pub const REQUEST_SPECIAL: &str = "request_policy:special";

/// The answer is true where all the answers are true.
pub const RESPONSE_AGG_LOGICAL_AND: &str = "response_policy:agg_logical_and";
/// The answer is the least of the answers.
pub const RESPONSE_AGG_MIN: &str = "response_policy:agg_min";
/// The answer is the sum of the answers.
pub const RESPONSE_AGG_SUM: &str = "response_policy:agg_sum";
/// It succeeded only if it succeeded on every node.
pub const RESPONSE_ALL_SUCCEEDED: &str = "response_policy:all_succeeded";
/// It succeeded if it succeeded on one node.
pub const RESPONSE_ONE_SUCCEEDED: &str = "response_policy:one_succeeded";
/// How the answers become one is peculiar to the command.
pub const RESPONSE_SPECIAL: &str = "response_policy:special";
