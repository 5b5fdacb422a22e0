package clade.transactions;

import clade.customers.AttributeChanges;
import clade.web.Refusal;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes uploads back. */
@Service
class UploadUndo {

    private final Uploads uploads;
    private final UploadStore store;
    private final CustomerStore customers;
    private final AttributeChanges attributes;
    private final Merge merge;
    private final Totals totals;
    private final Counters counters;
    private final ObjectProvider<PurchasesListener> listeners;

    UploadUndo(
            Uploads uploads,
            UploadStore store,
            CustomerStore customers,
            AttributeChanges attributes,
            Merge merge,
            Totals totals,
            Counters counters,
            ObjectProvider<PurchasesListener> listeners) {
        this.uploads = uploads;
        this.store = store;
        this.customers = customers;
        this.attributes = attributes;
        this.merge = merge;
        this.totals = totals;
        this.counters = counters;
        this.listeners = listeners;
    }

    /**
     * Removes the upload with everything that it stored.
     *
     * @throws Refusal 404 if there is none; 409 while it is received, or before a later one that repeats part of it is undone
     */
    @Transactional
    void undo(long dataset, String id) {
        boolean ofCustomers = uploads.get(dataset, id).kind() == UploadKind.CUSTOMERS;
        if (ofCustomers) {
            attributes.lock(dataset);
        } else {
            uploads.lock(dataset);
        }
        UploadReport upload = uploads.get(dataset, id);
        long number = Long.parseLong(upload.id());
        if (upload.status().equals("receiving") || upload.status().equals("merging")) {
            throw Refusal.conflict("upload-in-progress", "The upload %s is still %s".formatted(id, upload.status()));
        }
        List<Long> later = uploads.repeatedBy(number);
        if (!later.isEmpty()) {
            throw Refusal.conflict(
                    "repeated-by-later-upload",
                    "The later upload %d repeats part of the upload %s and relies on it; undo %d first"
                            .formatted(later.get(0), id, later.get(0)));
        }
        if (ofCustomers) {
            customers.remove(dataset, number);
        } else if (upload.status().equals("completed")) {
            long[] changed = merge.remove(dataset, number);
            listeners.orderedStream().forEach(listener -> listener.purchasesChanged(dataset, changed));
            counters.lock(dataset);
            totals.countAnew(dataset, changed);
            counters.recount(dataset);
        } else {
            store.clear(number, dataset);
        }
        uploads.forget(number);
    }
}
