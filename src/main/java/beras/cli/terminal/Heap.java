package beras.cli.terminal;

import beras.files.Background;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;

/**
 * The heap of a process that trains, kept small. The JVM makes it a 64th of the machine's memory at first, and fills most of that
 * before it looks for what can be used again: with what vector code leaves behind until it is compiled, more than all that
 * training needs. So garbage is collected when there is next to nothing else, and when the data are there. The JVM makes the heap
 * smaller at these times, and grows it as it is needed.
 */
public final class Heap {

    /** Percent of the heap that may be free after a collection that was asked for: 70, unless said otherwise. */
    private static final String FREE_OPTION = "MaxHeapFreeRatio";
    /**
     * With 55 or less, data are more than 45 percent of the heap: then G1 looks for old garbage all the time, takes that for too little
     * room, and doubles the heap.
     */
    private static final String FREE = "60";

    private static Background<Void> limiting; // null: the process is not ours, or does not train

    /** For the beginning of a process. */
    public static void keepSmall() {
        limiting = Background.start("beras-heap", () -> { // for the beans take as long to load as three collections
            limitFree();
            return null;
        });
        System.gc();
    }

    private static void limitFree() {
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            if (jvm.getVMOption(FREE_OPTION).getOrigin() == VMOption.Origin.DEFAULT) {
                jvm.setVMOption(FREE_OPTION, FREE);
            }
        } catch (LinkageError | RuntimeException e) {
            // Another JVM, one without these beans, or started with options that forbid it: then the heap is as that has it.
        }
    }

    /** For when the data have been read. */
    public static void trim() throws Exception {
        if (limiting != null) {
            limiting.get();
            System.gc();
        }
    }

    private Heap() {}
}
