package clade.transactions;

/** What returns do to monetary value. */
public enum Returns {
    /** Purchases less the absolute amounts of returns. */
    NET,
    /** Purchases alone. */
    IGNORE
}
