package clade.segmentation;

import clade.transactions.CustomerOrders;
import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recency, frequency and monetary value of one customer at any time, also with an order that is only imagined. */
final class PurchaseFigures {

    private final List<CustomerOrders.Line> lines;
    private final ZoneId zone;
    private final @Nullable Period window;
    private final Returns returns;
    private final FrequencyOf frequency;

    /** {@code lines} are the customer's purchases and returns that the run may see. */
    PurchaseFigures(List<CustomerOrders.Line> lines, ZoneId zone, Definition definition) {
        this.lines = lines;
        this.zone = zone;
        this.window = definition.window();
        this.returns = definition.returns();
        this.frequency = definition.frequency();
    }

    /** As of an instant; null without a purchase in the window. */
    double @Nullable [] at(Instant asOf) {
        return figures(asOf, null);
    }

    /** As of an instant at which an order of this value has just been placed. */
    double[] withOrder(Instant asOf, BigDecimal value) {
        double[] figures = figures(asOf, value);
        if (figures == null) {
            throw new IllegalStateException("there is an order");
        }
        return figures;
    }

    private double @Nullable [] figures(Instant asOf, @Nullable BigDecimal order) {
        Set<Object> counted = new HashSet<>();
        BigDecimal monetary = BigDecimal.ZERO;
        Instant last = null;
        for (CustomerOrders.Line line : inWindow(asOf)) {
            if (line.purchase()) {
                counted.add(unit(line));
                monetary = monetary.add(line.amount());
                last = last == null || line.at().isAfter(last) ? line.at() : last;
            } else if (returns == Returns.NET) {
                monetary = monetary.subtract(line.amount().abs());
            }
        }
        if (order != null) {
            counted.add(frequency == FrequencyOf.DAYS ? asOf.atZone(zone).toLocalDate() : new Object());
            monetary = monetary.add(order);
            last = asOf;
        }
        if (last == null) {
            return null;
        }
        LocalDateTime localLast = last.atZone(zone).toLocalDateTime();
        LocalDateTime localAsOf = asOf.atZone(zone).toLocalDateTime();
        return new double[] {
            Math.max(0, ChronoUnit.DAYS.between(localLast, localAsOf)), counted.size(), monetary.doubleValue()
        };
    }

    /** What lies in the window that ends at an instant. What lies after it is there too, for a live run has seen it. */
    private List<CustomerOrders.Line> inWindow(Instant asOf) {
        if (window == null) {
            return lines;
        }
        Instant begin = asOf.atZone(zone).minus(window).toInstant();
        return lines.stream().filter(line -> !line.at().isBefore(begin)).toList();
    }

    /** What a purchase counts as: its order, itself or its day. */
    private Object unit(CustomerOrders.Line line) {
        return switch (frequency) {
            case ORDERS -> line.order() == null ? new Object() : line.order();
            case TRANSACTIONS -> new Object();
            case DAYS -> line.at().atZone(zone).toLocalDate();
        };
    }

    /** The median of what the orders in the window came to, returns aside; empty without any. */
    Optional<BigDecimal> medianOrder(Instant asOf) {
        Map<Object, BigDecimal> orders = new HashMap<>();
        inWindow(asOf).stream()
                .filter(CustomerOrders.Line::purchase)
                .forEach(line -> orders.merge(
                        line.order() == null ? new Object() : line.order(), line.amount(), BigDecimal::add));
        if (orders.isEmpty()) {
            return Optional.empty();
        }
        List<BigDecimal> sorted = new ArrayList<>(orders.values());
        sorted.sort(null);
        BigDecimal low = sorted.get((sorted.size() - 1) / 2);
        BigDecimal high = sorted.get(sorted.size() / 2);
        return Optional.of(low.add(high).divide(BigDecimal.valueOf(2)));
    }
}
