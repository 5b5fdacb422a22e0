package clade;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets the heap grow to several times what lives in it, up to its limit. Java's own measure is less than twice, at which its
 * usual collector (G1) never ends marking what lives: one of two processors is then busy with it for a third of the time, and
 * requests wait.
 */
final class HeapRoom {

    /** Percent of the heap that is free after a collection: below it grows, above the other it shrinks. */
    private static final String LEAST_FREE = "MinHeapFreeRatio";

    private static final String MOST_FREE = "MaxHeapFreeRatio";

    private HeapRoom() {}

    /** Leaves it to whoever started Java if they gave one of the shares, and to other collectors and JVMs. */
    static void give() {
        @Nullable HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (jvm != null
                && jvm.getVMOption("UseG1GC").getValue().equals("true")
                && isOpen(jvm.getVMOption(LEAST_FREE))
                && isOpen(jvm.getVMOption(MOST_FREE))) {
            jvm.setVMOption(MOST_FREE, "90"); // first, for it may not be below the other
            jvm.setVMOption(LEAST_FREE, "80");
        }
    }

    private static boolean isOpen(VMOption option) {
        return option.isWriteable() && option.getOrigin() == VMOption.Origin.DEFAULT;
    }
}
