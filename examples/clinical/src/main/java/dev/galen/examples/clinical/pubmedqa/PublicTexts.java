package dev.galen.examples.clinical.pubmedqa;

import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a model may read before it learns: texts of training records and of public files. */
public final class PublicTexts {
  private PublicTexts() {}

  /**
   * The contexts and long answers of records that are not tested on, and all texts of files. A
   * record of the test set that stands in a file, too, is left out.
   *
   * @param files in any format that Galen reads: MedQuAD, MTS-Dialog, plain text
   */
  public static List<String> of(PubMedQa data, OfficialSplit split, List<Path> files)
      throws IOException {
    var texts = new ArrayList<String>();
    for (QuestionExample record : split.train(data)) {
      texts.add(record.question() + " " + record.context() + " " + record.answer());
    }
    texts.addAll(ofFiles(data, split, files));
    texts.removeIf(String::isBlank);
    return texts;
  }

  /** The same of the files alone. */
  public static List<String> ofFiles(PubMedQa data, OfficialSplit split, List<Path> files)
      throws IOException {
    var texts = new ArrayList<String>();
    Set<String> tested =
        split.test(data).stream().map(QuestionExample::id).collect(Collectors.toSet());
    for (Path file : files) {
      for (Example example : DataFiles.read(file)) {
        if (!(example instanceof QuestionExample question)) {
          texts.add(example.text());
        } else if (!tested.contains(question.id())) {
          texts.add(question.context());
          texts.add(question.answer());
        }
      }
    }
    texts.removeIf(String::isBlank);
    return texts;
  }
}
