package dev.galen.model.engine;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cache for each text, which grows by pages. A text that begins as another one that is there
 * copies what it has of it, in whole pages.
 */
final class OwnCaches implements SequenceMemory {
  private final CausalLm model;
  private final int page;
  private final int chunk;
  private final int few;
  private final long budget;
  private final long bytesPerPosition;
  private final Map<Own, Text> known = new LinkedHashMap<>();
  private long used;

  private static final class Own implements Kept {
    private final KvCache cache;

    Own(KvCache cache) {
      this.cache = cache;
    }

    @Override
    public int length() {
      return cache.length();
    }
  }

  OwnCaches(CausalLm model, EngineConfig config) {
    this.model = model;
    page = config.pageSize();
    chunk = config.prefillChunk();
    few = model.backend().fewPositions();
    budget = config.kvBytes();
    try (KvCache one = model.newCache(1, 1)) {
      bytesPerPosition = one.bytesPerPosition();
    }
  }

  @Override
  public Kept begin(Text text) {
    Own alike = null;
    int shared = 0;
    for (Map.Entry<Own, Text> other : known.entrySet()) {
      int same = whole(Math.min(text.sharedWith(other.getValue()), other.getKey().length()), text);
      if (same > shared) {
        alike = other.getKey();
        shared = same;
      }
    }
    int capacity = pages(shared + 1) * page;
    if (used + capacity * bytesPerPosition > budget) {
      return null;
    }
    var own = new Own(model.newCache(1, capacity));
    used += own.cache.capacity() * bytesPerPosition;
    if (alike != null) {
      own.cache.fill(alike.cache, shared);
    }
    return own;
  }

  /**
   * The most positions up to {@code shared} that are whole pages, and of which the last chunk of a
   * prompt has the same sums as without them: it and what is left of it are no few positions.
   */
  private int whole(int shared, Text text) {
    for (int pages = shared / page; pages > 0; pages--) {
      int positions = pages * page;
      int before = positions % chunk;
      int left = Math.min(chunk - before, text.start() - positions);
      if (before == 0 || (before > few && left > few)) {
        return positions;
      }
    }
    return 0;
  }

  private int pages(int positions) {
    return Math.ceilDiv(positions, page);
  }

  @Override
  public boolean reserve(Kept kept, int positions) {
    KvCache cache = ((Own) kept).cache;
    if (positions <= cache.capacity()) {
      return true;
    }
    int more = positions - cache.length();
    int before = cache.capacity();
    int least = pages(positions) * page;
    int room = (int) Math.min(Integer.MAX_VALUE, (budget - used) / bytesPerPosition) + before;
    // Doubling keeps copies rare; where memory is short it grows by what it needs.
    int capacity = Math.max(least, Math.min(2 * before, Math.min(room, mostPositions())));
    if (capacity > room) {
      return false;
    }
    cache.reserve(more, capacity);
    used += (cache.capacity() - before) * bytesPerPosition;
    return true;
  }

  @Override
  public KvCache cache(List<Kept> rows) {
    var caches = new ArrayList<KvCache>(rows.size());
    rows.forEach(row -> caches.add(((Own) row).cache));
    return KvCache.joined(caches);
  }

  @Override
  public void share(Kept kept, Text text) {
    known.put((Own) kept, text);
  }

  @Override
  public void release(Kept kept) {
    var own = (Own) kept;
    known.remove(own);
    used -= own.cache.capacity() * bytesPerPosition;
    own.cache.close();
  }

  @Override
  public boolean joins() {
    return model.isCapturable(); // else what a place means depends on the longest text
  }

  @Override
  public int mostPositions() {
    long most = budget / (page * bytesPerPosition) * page;
    return (int) Math.min(Math.min(most, model.maxLength()), Integer.MAX_VALUE / 2);
  }

  @Override
  public long used() {
    return used;
  }

  @Override
  public void close() {
    // Every text has been released.
  }
}
