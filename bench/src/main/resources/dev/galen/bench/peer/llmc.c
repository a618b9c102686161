/* Galen's side of llm.c's CPU program: compiled with a folder of its sources on the include path,
 * it loads a checkpoint and answers each line {"times": N} with the seconds of N training steps. */
#define TESTING /* leaves llm.c's own main out */
#include "train_gpt2.c"

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    /* Standard output belongs to the answers; what llm.c prints goes to standard error. */
    FILE *answers = fdopen(dup(1), "w");
    dup2(2, 1);
    int B = atoi(argv[2]);
    int T = atoi(argv[3]);
    GPT2 model;
    gpt2_build_from_checkpoint(&model, argv[1]);
    int *ids = (int *)malloc((B * T + 1) * sizeof(int));
    srand(1);
    for (int i = 0; i < B * T + 1; i++) {
        ids[i] = rand() % model.config.vocab_size;
    }
    char line[256];
    int step = 0;
    while (fgets(line, sizeof line, stdin)) {
        char *at = strstr(line, "\"times\":");
        int times = at ? atoi(at + 8) : 0;
        double start = seconds();
        for (int i = 0; i < times; i++) {
            gpt2_forward(&model, ids, ids + 1, B, T);
            gpt2_zero_grad(&model);
            gpt2_backward(&model);
            gpt2_update(&model, 1e-4f, 0.9f, 0.999f, 1e-8f, 0.0f, ++step);
        }
        fprintf(answers, "{\"seconds\": %.9f}\n", seconds() - start);
        fflush(answers);
    }
    return 0;
}
