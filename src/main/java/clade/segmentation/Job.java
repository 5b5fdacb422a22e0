package clade.segmentation;

import java.util.UUID;

/** Queued work that an attempt has claimed. */
interface Job {

    long id();

    /** Of the instance that computes it now: an older attempt can't write any more. */
    UUID attempt();

    /** How many attempts there were, this one counted. */
    int attempts();

    /** What it is, for the log. */
    String title();
}
