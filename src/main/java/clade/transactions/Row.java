package clade.transactions;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The values of one row; one object is filled again for each row. */
final class Row {

    /** Money came. */
    static final short PURCHASE = 1;

    /** Money went. */
    static final short RETURN = -1;

    /** Neither: the amount is 0. */
    static final short NEITHER = 0;

    String customerId = "";

    /** Microseconds since 1970-01-01T00:00Z. */
    long occurredAt;

    @Nullable
    String orderId;

    @Nullable
    String productId;

    @Nullable
    String transactionId;

    @Nullable
    BigDecimal quantity;

    @Nullable
    BigDecimal unitPrice;

    BigDecimal amount = BigDecimal.ZERO;
    short kind;
}
