//! Several files on one session, as one account: a classification, the laps, the weather, each of which knows a part.
//!
//! What the first that says anything says, counts; what another contradicts is noted. Where several tell of laps or claims, those of the one that tells most.
