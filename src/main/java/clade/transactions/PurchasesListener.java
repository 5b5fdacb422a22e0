package clade.transactions;

import clade.database.Statements;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears, inside the transaction that makes rows visible or takes them away, whose purchases change: what is derived from them
 * follows before anybody can see the one without the other.
 */
public interface PurchasesListener {

    /**
     * The stored rows of these customers have changed; the transaction sees them as they will be.
     *
     * @param customers numbers of the customers, each once, ascending
     * @return the memberships that changed in consequence, by customer id and segmentation key; may be empty if more customers
     *     changed than {@link #TOLD}
     */
    List<Change> purchasesChanged(long dataset, long[] customers);

    /**
     * The same for at most {@link #TOLD} customers, whose transaction still has statements to send: the listener's own go with them.
     *
     * @param customers numbers of the customers, each once, ascending
     */
    Consequences ofFew(long dataset, long[] customers);

    /**
     * What follows from a change of purchases.
     *
     * @param changes as of {@link #purchasesChanged}
     * @param writing stores them
     */
    record Consequences(List<Change> changes, Statements.Batch writing) {

        /** Nothing follows. */
        public static final Consequences NONE = new Consequences(List.of(), Statements.Batch.NONE);
    }

    /**
     * Rows of these customers will change when an upload that nobody can see yet becomes visible, at the end of the transaction.
     * What takes long is done here and keeps nobody waiting; nobody else may do the same for the dataset meanwhile.
     *
     * @param customers numbers of the customers, each once, ascending
     */
    Arrival purchasesComing(long dataset, long upload, long[] customers);

    /** An upload that is about to become visible. */
    interface Arrival {

        /**
         * Does the rest, just before the transaction is committed.
         *
         * @param changed numbers of customers whose coming rows have changed meanwhile
         * @return as {@link #purchasesChanged}
         */
        List<Change> complete(long[] changed);
    }

    /** Customers changed by one request up to which its answer tells the changes. */
    int TOLD = 1_000;

    /** A customer who changed places in a segmentation. */
    record Change(
            @Schema(example = "12347") String customerId,

            @Schema(description = "Key of the segmentation", example = "rfm")
            String segmentation,

            @Schema(
                    description = "Key of the segment before; null if the customer was in none",
                    example = "loyal-customers")
            @Nullable
            String from,

            @Schema(
                    description = "Key of the segment now; null if the customer is in none any more",
                    example = "champions")
            @Nullable
            String to) {}
}
