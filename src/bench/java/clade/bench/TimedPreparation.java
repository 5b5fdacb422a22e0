package clade.bench;

import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;

/** Fits and applies a preparation of all columns; {@code variant} names the transform, {@code log1p} if none. */
final class TimedPreparation implements Timed<Matrix> {

    private final Matrix x;
    private final Preparation preparation;

    TimedPreparation(Arguments arguments) {
        x = arguments.matrix("data");
        String transform = arguments.text("variant", "").isEmpty() ? "log1p" : arguments.text("variant", "");
        Column column = new Column(
                new NoCap(),
                Transform.valueOf(transform.toUpperCase(Locale.ROOT).replace('-', '_')),
                1);
        preparation = new Preparation(Collections.nCopies(x.columns(), column), Scale.STANDARD, null);
    }

    @Override
    public Matrix run() {
        return preparation.fit(x).apply(x);
    }

    @Override
    public void describe(Matrix prepared, Map<String, Object> answer) {
        answer.put("score", Arrays.stream(prepared.values()).map(v -> v * v).sum());
    }
}
