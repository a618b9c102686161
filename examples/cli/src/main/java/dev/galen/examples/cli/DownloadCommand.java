package dev.galen.examples.cli;

import dev.galen.model.hub.DownloadProgress;
import dev.galen.model.hub.HubDownload;
import dev.galen.model.hub.HubEnvironment;
import dev.galen.model.hub.HubId;
import dev.galen.train.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code galen download}: the only command that opens a connection. */
@Command(
    name = "download",
    description = {
      "Fetch a model from the HuggingFace hub into HuggingFace's own cache; --model then takes its"
          + " id. All files come but the weights of other frameworks.",
      "HF_HOME, HF_TOKEN and HF_ENDPOINT are honoured. An interrupted download goes on where it"
          + " ended."
    })
final class DownloadCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "ID", description = "For example openai-community/gpt2, or ID@REVISION.")
  private String id;

  @Override
  public Integer call() throws IOException {
    Path snapshot = HubDownload.download(HubId.parse(id), HubEnvironment.system(), new Lines());
    common.say("%s", snapshot);
    common.print(CommonOptions.object().put("id", id).put("directory", snapshot.toString()));
    return 0;
  }

  /** One line per file, and one that counts while it comes. */
  private static final class Lines implements DownloadProgress {
    /** Names of files that fit on a line. */
    private static final int SHOWN = 5;

    private final boolean terminal = Progress.isTerminal();

    @Override
    public void receiving(String file, long received, long size) {
      if (terminal) {
        System.err.print("\r%s  %s of %s ".formatted(file, mega(received), mega(size)));
      }
    }

    @Override
    public void finished(String file, long size, boolean cached) {
      String end = terminal ? "\r" : "";
      System.err.printf("%s%s  %s%s%n", end, file, mega(size), cached ? "  already here" : "");
    }

    @Override
    public void unchecked(String file, String reason) {
      System.err.printf("%sgalen: %s: %s%n", terminal ? "\r" : "", file, reason);
    }

    @Override
    public void leftOut(List<String> files) {
      if (!files.isEmpty()) {
        String more = files.size() > SHOWN ? " and %d more".formatted(files.size() - SHOWN) : "";
        System.err.printf(
            "left out, as Galen does not read them: %s%s%n",
            files.stream().limit(SHOWN).collect(Collectors.joining(", ")), more);
      }
    }

    @Override
    public void waiting(String reason, Duration pause) {
      System.err.printf("galen: %s; trying again in %d s%n", reason, pause.toSeconds());
    }

    private static String mega(long bytes) {
      return bytes < 0 ? "?" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
  }
}
