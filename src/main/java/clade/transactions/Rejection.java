package clade.transactions;

/**
 * Why a row is not accepted: its first fault.
 *
 * @param column name of the column at fault as the file has it; empty if the whole row is
 * @param code stable word for programs, such as {@code missing-customer-id}
 * @param message sentence for people
 */
record Rejection(String column, String code, String message) {}
