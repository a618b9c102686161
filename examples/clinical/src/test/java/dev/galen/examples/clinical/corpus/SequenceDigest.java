package dev.galen.examples.clinical.corpus;

import dev.galen.train.data.TokenSequence;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of the ids and labels of sequences in their order. */
final class SequenceDigest {
  private SequenceDigest() {}

  static String of(List<TokenSequence> sequences) throws NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    for (TokenSequence sequence : sequences) {
      var bytes = ByteBuffer.allocate(8 * sequence.length() + 5);
      bytes.putInt(sequence.length()).put((byte) (sequence.shortened() ? 1 : 0));
      bytes.asIntBuffer().put(sequence.inputIds()).put(sequence.labels());
      digest.update(bytes.array());
    }
    return sequences.size() + " " + HexFormat.of().formatHex(digest.digest());
  }
}
