//! Tests of the plan of EXEC.
