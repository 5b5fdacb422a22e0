package clade.bench;

import clade.clustering.Clustering;
import clade.clustering.Dendrogram;
import clade.clustering.Hierarchical;
import clade.clustering.Linkage;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.Map;

/** Ward's linkage, cut into {@code k} clusters; its score is the height of the lowest merge undone. */
final class TimedWard implements Timed<Clustering> {

    private final Matrix x;
    private final int k;

    TimedWard(Arguments arguments) {
        x = arguments.matrix("data");
        k = arguments.number("k", 8);
    }

    @Override
    public Clustering run() {
        return new Hierarchical(Linkage.WARD, k).fit(x, null, 0, Progress.NONE);
    }

    @Override
    public void describe(Clustering found, Map<String, Object> answer) {
        Dendrogram dendrogram = ((Hierarchical.Model) found.model()).dendrogram();
        answer.put("clusters", found.clusters());
        answer.put("score", dendrogram.merge(dendrogram.leaves() - k).height());
    }
}
