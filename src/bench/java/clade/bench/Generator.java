package clade.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * Writes transactions of an invented shop in the order of their time, and beside them the group that every customer truly
 * belongs to. Same arguments, same bytes, on every Java version.
 *
 * <p>Customers arrive over three years; how often they order is heavy-tailed within their group (Pareto), what a line costs is
 * log-normal in cents, and days differ by season and weekday. Memory: 12 to 16 bytes a customer.
 */
final class Generator {

    private static final String HEADER = "customerId,orderId,occurredAt,productId,quantity,amount\n";
    private static final LocalDate FIRST_DAY = LocalDate.of(2022, 1, 1);
    private static final int DAYS = 3 * 365;

    /** Lines from which duplicates and returns are taken. */
    private static final int REMEMBERED = 1 << 14;

    /** One order in so many brings something back. */
    private static final int ORDERS_A_RETURN = 30;

    /** Parts of a row in which the shares of days are kept. */
    private static final int PARTS = 1 << 16;

    /** What a customer truly is. */
    enum Group {
        LOYAL(10, 6, 8.4),
        REGULAR(25, 2, 8.0),
        OCCASIONAL(25, 0.6, 7.7),
        CHURNED(20, 2, 8.0),
        NEW(8, 3, 7.8),
        ONE_TIME(12, 0, 7.9);

        final int percent;
        final double rate;
        final double logCents;

        Group(int percent, double rate, double logCents) {
            this.percent = percent;
            this.rate = rate;
            this.logCents = logCents;
        }
    }

    private final int rows;
    private final int customers;
    private final double duplicates;
    private final double bad;
    private final SplittableRandom random;
    private final Group[] groups;
    private final double[] cumulatedRate;
    private final long[] dayEnds = new long[DAYS];
    private final Line[] remembered = new Line[REMEMBERED];
    private final byte[] text = new byte[1 << 16];
    private int length;
    private int arrived;
    private int today;
    private int writtenDay = -1;
    private byte[] dayText = new byte[0];

    /** A row of the file. */
    private static final class Line {
        int customer;
        long order;
        long second;
        int product;
        int quantity;
        long cents;

        void set(Line other) {
            customer = other.customer;
            order = other.order;
            second = other.second;
            product = other.product;
            quantity = other.quantity;
            cents = other.cents;
        }
    }

    /**
     * @param rows lines to write, at least as many as customers
     * @param duplicates share of lines that repeat an earlier one
     * @param bad share of lines that can't be read
     */
    Generator(int rows, int customers, double duplicates, double bad, long seed) {
        if (customers < 1 || rows < customers) {
            throw new IllegalArgumentException(
                    "rows must be at least customers, and those at least 1; was %d and %d".formatted(rows, customers));
        }
        if (!(duplicates >= 0 && bad >= 0 && duplicates + bad <= 0.5)) {
            throw new IllegalArgumentException(
                    "duplicates and bad must be at least 0 and together at most 0.5, was %s and %s"
                            .formatted(duplicates, bad));
        }
        this.rows = rows;
        this.customers = customers;
        this.duplicates = duplicates;
        this.bad = bad;
        this.random = new SplittableRandom(seed);
        this.groups = new Group[customers];
        this.cumulatedRate = new double[customers];
        draw();
        spreadOverDays();
    }

    static void run(Arguments arguments) throws IOException {
        Path file = Path.of(arguments.text("out", "transactions.csv"));
        Generator generator = new Generator(
                arguments.number("rows", 1_000_000),
                arguments.number("customers", 100_000),
                arguments.decimal("duplicates", 0),
                arguments.decimal("bad", 0),
                arguments.number("seed", 1));
        generator.write(file, Path.of(file + ".truth"));
    }

    /** Writes the transactions to one file and {@code customerId,group} to the other. */
    void write(Path file, Path truth) throws IOException {
        try (OutputStream out = Files.newOutputStream(truth)) {
            put("customerId,group\n");
            for (int customer = 0; customer < customers; customer++) {
                putCustomer(customer);
                put(',');
                put(groups[customer].name());
                put('\n');
                flushIfFull(out);
            }
            flush(out);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            put(HEADER);
            writeLines(out);
            flush(out);
        }
    }

    private void writeLines(OutputStream out) throws IOException {
        for (int i = 0; i < REMEMBERED; i++) {
            remembered[i] = new Line();
        }
        Line line = new Line();
        long order = 0;
        int linesLeft = 0;
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            double chance = random.nextDouble();
            boolean mustArrive = rows - row <= customers - arrived;
            if (!mustArrive && kept > 0 && chance < duplicates) {
                putLine(remembered[random.nextInt(Math.min(kept, REMEMBERED))]);
            } else if (!mustArrive && chance < duplicates + bad) {
                putBadLine(line);
            } else if (!mustArrive && kept > 0 && linesLeft == 0 && random.nextInt(ORDERS_A_RETURN) == 0) {
                order++;
                bringBack(remembered[random.nextInt(Math.min(kept, REMEMBERED))], order, second(row));
            } else {
                if (linesLeft == 0 || mustArrive) {
                    order++;
                    linesLeft = 1 + (int) (-1.4 * StrictMath.log(1 - random.nextDouble()));
                    line.customer = customer(row, mustArrive);
                    line.order = order;
                    line.second = second(row);
                }
                linesLeft--;
                buy(line);
                remembered[kept++ & (REMEMBERED - 1)].set(line);
                putLine(line);
            }
            flushIfFull(out);
        }
    }

    private void buy(Line line) {
        double logCents = groups[line.customer].logCents;
        line.product = random.nextInt(1 + random.nextInt(5000));
        line.quantity = 1 + (int) (-0.8 * StrictMath.log(1 - random.nextDouble()));
        line.cents = Math.max(1, Math.round(StrictMath.exp(logCents - 0.8 + 0.7 * gaussian()) * line.quantity));
    }

    private void bringBack(Line bought, long order, long second) {
        Line line = new Line();
        line.set(bought);
        line.order = order;
        line.second = second;
        line.quantity = -Math.abs(bought.quantity);
        line.cents = -Math.abs(bought.cents);
        putLine(line);
    }

    /** The next to arrive if it is time, else one of those who are there, by their rates. */
    private int customer(int row, boolean mustArrive) {
        double told = (double) row / rows;
        if (arrived < customers && (mustArrive || arrived <= customers * StrictMath.pow(told, 0.7))) {
            return arrived++;
        }
        for (int attempt = 0; attempt < 50; attempt++) {
            int found = byRate(random.nextDouble() * cumulatedRate[arrived - 1]);
            boolean gone = groups[found] == Group.CHURNED && told > lastSeen(found);
            if (!gone) {
                return found;
            }
        }
        return arrived - 1;
    }

    /** Share of the file after which a customer who churns is not seen again. */
    private double lastSeen(int customer) {
        double came = StrictMath.pow((double) customer / customers, 1 / 0.7);
        return came + Math.max(0.02, 0.3 * (0.75 - came));
    }

    private int byRate(double wanted) {
        int low = 0;
        int high = arrived - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulatedRate[middle] > wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void draw() {
        double sum = 0;
        for (int customer = 0; customer < customers; customer++) {
            groups[customer] = drawGroup(customer);
            double pareto = Math.min(200, StrictMath.pow(1 - random.nextDouble(), -1 / 1.6));
            sum += groups[customer].rate * pareto;
            cumulatedRate[customer] = sum;
        }
    }

    /** New are the last to arrive, and nobody else. */
    private Group drawGroup(int customer) {
        if (customer >= (long) customers * (100 - Group.NEW.percent) / 100) {
            return Group.NEW;
        }
        int left = random.nextInt(100 - Group.NEW.percent);
        for (Group candidate : Group.values()) {
            left -= candidate == Group.NEW ? 0 : candidate.percent;
            if (left < 0) {
                return candidate;
            }
        }
        throw new AssertionError("the percentages make 100");
    }

    /** The share of all rows that has come by the end of each day, in parts of 2^16 a row. */
    private void spreadOverDays() {
        double[] weights = new double[DAYS];
        double sum = 0;
        for (int day = 0; day < DAYS; day++) {
            LocalDate date = FIRST_DAY.plusDays(day);
            double season = 1 + 0.25 * StrictMath.sin(2 * Math.PI * (date.getDayOfYear() - 250) / 365.0);
            double holidays = date.getMonthValue() == 12 && date.getDayOfMonth() < 24 ? 1.8 : 1;
            double weekend = date.getDayOfWeek() == DayOfWeek.SUNDAY ? 0.5 : 1;
            weights[day] = season * holidays * weekend * (1 + 0.4 * day / DAYS);
            sum += weights[day];
        }
        double told = 0;
        for (int day = 0; day < DAYS; day++) {
            told += weights[day];
            dayEnds[day] = (long) Math.ceil(told / sum * rows * PARTS);
        }
    }

    /** Seconds since the first day, of the row's place in the whole. */
    private long second(int row) {
        long place = (long) row * PARTS;
        while (today < DAYS - 1 && dayEnds[today] <= place) {
            today++;
        }
        long begin = today == 0 ? 0 : dayEnds[today - 1];
        double within = (double) (place - begin) / Math.max(1, dayEnds[today] - begin);
        return today * 86_400L + 8 * 3600 + (long) (within * 14 * 3600);
    }

    /** Box and Muller (1958); the platform's own may differ from version to version. */
    private double gaussian() {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private void putLine(Line line) {
        putCustomer(line.customer);
        putRest(line);
    }

    private void putRest(Line line) {
        put(',');
        put('O');
        putNumber(line.order, 8);
        put(',');
        putTime(line.second);
        put(',');
        put('P');
        putNumber(line.product, 4);
        put(',');
        if (line.quantity < 0) {
            put('-');
        }
        putNumber(Math.abs(line.quantity), 1);
        put(',');
        if (line.cents < 0) {
            put('-');
        }
        putNumber(Math.abs(line.cents) / 100, 1);
        put('.');
        putNumber(Math.abs(line.cents) % 100, 2);
        put('\n');
    }

    /** Of the faults that files have: no customer, a date that is none, an amount that is none, a field too few. */
    private void putBadLine(Line line) {
        switch (random.nextInt(4)) {
            case 0 -> putRest(line);
            case 1 -> {
                putCustomer(line.customer);
                put(",O1,31/02/2023 25:61,P1,1,5.00\n");
            }
            case 2 -> {
                putCustomer(line.customer);
                put(",O1,2023-02-03 10:00:00,P1,1,n/a\n");
            }
            default -> {
                putCustomer(line.customer);
                put(",O1,2023-02-03 10:00:00,P1\n");
            }
        }
    }

    /** Neighbours in the order of arrival are no neighbours by id: 48,271 and the prime 2,147,483,647 have no common factor. */
    private void putCustomer(int customer) {
        put('C');
        putNumber((customer + 1L) * 48_271 % Integer.MAX_VALUE, 10);
    }

    private void putTime(long second) {
        int day = (int) (second / 86_400);
        if (day != writtenDay) {
            writtenDay = day;
            dayText = FIRST_DAY.plusDays(day).toString().getBytes(StandardCharsets.US_ASCII);
        }
        System.arraycopy(dayText, 0, text, length, dayText.length);
        length += dayText.length;
        int ofDay = (int) (second % 86_400);
        put(' ');
        putNumber(ofDay / 3600, 2);
        put(':');
        putNumber(ofDay / 60 % 60, 2);
        put(':');
        putNumber(ofDay % 60, 2);
    }

    private void putNumber(long number, int atLeast) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        digits = Math.max(digits, atLeast);
        long rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            text[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void put(char ascii) {
        text[length++] = (byte) ascii;
    }

    private void put(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            put(ascii.charAt(i));
        }
    }

    private void flushIfFull(OutputStream out) throws IOException {
        if (length > text.length - 512) {
            flush(out);
        }
    }

    private void flush(OutputStream out) throws IOException {
        out.write(text, 0, length);
        length = 0;
    }
}
