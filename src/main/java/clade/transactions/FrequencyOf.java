package clade.transactions;

/** What frequency counts. */
public enum FrequencyOf {
    /** Distinct orders with a purchase; a transaction without an order id is an order of its own. */
    ORDERS,
    /** Purchases. */
    TRANSACTIONS,
    /** Distinct local days with a purchase. */
    DAYS
}
