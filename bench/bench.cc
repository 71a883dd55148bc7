/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace
{

struct Case {
    std::string name;
    struct bench bench;
    bool checked;
};

struct Ratio {
    std::string name;
    std::string numerator;
    std::string denominator;
    double at_least;
    double at_most;
};

struct Figure {
    std::string name;
    std::string benchmark;
    double (*measure)(void *context);
    void *context;
    double at_most;
};

/* Functions, so that they are there before whoever registers. A deque: Google Benchmark holds addresses of cases. */
std::deque<Case> &cases()
{
    static std::deque<Case> all;
    return all;
}

std::vector<Ratio> &ratios()
{
    static std::vector<Ratio> all;
    return all;
}

std::vector<Figure> &figures()
{
    static std::vector<Figure> all;
    return all;
}

void call(void (*function)(void *), const struct bench &bench)
{
    if (function != nullptr)
        function(bench.context);
}

/* What runs at the moment: on a terminal only, over itself. */
void say_progress(const char *name)
{
    static const bool terminal = isatty(STDERR_FILENO) != 0;
    if (terminal)
        std::fprintf(stderr, "\r%s\033[K", name);
}

void iterate(benchmark::State &state, Case &what)
{
    const struct bench &bench = what.bench;
    say_progress(bench.name);
    while (state.KeepRunning()) {
        state.PauseTiming();
        if (!what.checked)
            call(bench.check, bench);
        what.checked = true;
        call(bench.prepare, bench);
        state.ResumeTiming();
        bench.body(bench.context);
        state.PauseTiming();
        call(bench.finish, bench);
        state.ResumeTiming();
    }
    state.SetItemsProcessed(static_cast<int64_t>(bench.items) * state.iterations());
}

/* What benchmark::RegisterBenchmark makes of a lambda, but named. */
class CaseBenchmark final : public benchmark::internal::Benchmark
{
  public:
    explicit CaseBenchmark(Case &timed) : Benchmark(timed.name.c_str()), what(timed)
    {
    }

    void Run(benchmark::State &state) override
    {
        iterate(state, what);
    }

  private:
    Case &what;
};

/* Shows one line a benchmark, the median, in the order of registration and not in the one that chance gave, and keeps
 * its speed. Files written with --benchmark_out hold everything. */
class MedianReporter : public benchmark::ConsoleReporter
{
  public:
    std::map<std::string, double> speed; /* items a second */

    explicit MedianReporter(bool colour) : ConsoleReporter(colour ? OO_Color : OO_None)
    {
    }

    void ReportRuns(const std::vector<Run> &reports) override
    {
        for (const Run &report : reports) {
            if (report.run_type == Run::RT_Aggregate ? report.aggregate_name != "median" : report.repetitions != 1)
                continue;
            const std::string name = report.run_name.function_name;
            shown[name] = report;
            shown[name].run_name = {};
            shown[name].run_name.function_name = name;
            if (const auto found = report.counters.find("items_per_second"); found != report.counters.end())
                speed[name] = found->second.value;
        }
    }

    void Finalize() override
    {
        say_progress("");
        for (const Case &what : cases())
            if (const auto found = shown.find(what.name); found != shown.end())
                ConsoleReporter::ReportRuns({found->second});
    }

  private:
    std::map<std::string, Run> shown;
};

void print_ratios(const std::map<std::string, double> &speed)
{
    size_t width = 0;
    for (const Ratio &ratio : ratios())
        width = std::max(width, ratio.name.size());
    bool head = false;
    for (const Ratio &ratio : ratios()) {
        const auto above = speed.find(ratio.numerator);
        const auto below = speed.find(ratio.denominator);
        if (above == speed.end() || below == speed.end())
            continue;
        if (!head)
            std::printf("\n%-*s %10s %10s %8s %9s\n", static_cast<int>(width), "ratio of medians", "M/s", "over M/s",
                        "ratio", "bar");
        head = true;
        const double value = above->second / below->second;
        std::printf("%-*s %10.1f %10.1f %8.2f", static_cast<int>(width), ratio.name.c_str(), above->second / 1e6,
                    below->second / 1e6, value);
        if (ratio.at_least > 0)
            std::printf("  >= %5.1f  %s", ratio.at_least, value >= ratio.at_least ? "met" : "missed");
        if (ratio.at_most > 0)
            std::printf("  <= %5.1f  %s", ratio.at_most, value <= ratio.at_most ? "met" : "missed");
        std::printf("\n");
    }
}

void print_figures(const std::map<std::string, double> &speed)
{
    const char *before = "\n";
    for (const Figure &figure : figures()) {
        if (speed.find(figure.benchmark) == speed.end())
            continue;
        const double value = figure.measure(figure.context);
        std::printf("%s%s: %.3g", before, figure.name.c_str(), value);
        if (figure.at_most > 0)
            std::printf("  <= %.3g  %s", figure.at_most, value <= figure.at_most ? "met" : "missed");
        std::printf("\n");
        before = "";
    }
}

} // namespace

void bench_register(const struct bench *bench)
{
    cases().push_back(Case{bench->name, *bench, false});
    Case &what = cases().back();
    what.bench.name = what.name.c_str();
    /* It goes to a list of Google Benchmark's, which the analyser does not see. */
    auto *registered = benchmark::internal::RegisterBenchmarkInternal(new CaseBenchmark(what)) // NOLINT(*NewDeleteLeaks)
                           ->MeasureProcessCPUTime()
                           ->Unit(benchmark::kMillisecond);
    if (bench->wall)
        registered->UseRealTime();
}

void bench_register_ratio(const struct bench_ratio *ratio)
{
    ratios().push_back(Ratio{ratio->name, ratio->numerator, ratio->denominator, ratio->at_least, ratio->at_most});
}

void bench_register_figure(const struct bench_figure *figure)
{
    figures().push_back(Figure{figure->name, figure->benchmark, figure->measure, figure->context, figure->at_most});
}

int bench_run(int argc, char **argv)
{
    /* In front of the user's, which so win. */
    std::vector<std::string> words = {argv[0], "--benchmark_enable_random_interleaving=true",
                                      "--benchmark_repetitions=5", "--benchmark_min_time=0.2"};
    words.insert(words.end(), argv + 1, argv + argc);
    std::vector<char *> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string &word : words)
        pointers.push_back(word.data());
    int count = static_cast<int>(pointers.size());
    pointers.push_back(nullptr);
    benchmark::Initialize(&count, pointers.data());
    if (benchmark::ReportUnrecognizedArguments(count, pointers.data()))
        return 2;
    const char *no_colour = std::getenv("NO_COLOR");
    MedianReporter reporter(isatty(STDOUT_FILENO) && (no_colour == nullptr || *no_colour == '\0'));
    benchmark::RunSpecifiedBenchmarks(&reporter);
    print_ratios(reporter.speed);
    print_figures(reporter.speed);
    benchmark::Shutdown();
    return 0;
}

/* Its name is what callgrind's --toggle-collect takes. */
extern "C" __attribute__((noinline)) void bench_once_body(const struct bench *bench)
{
    bench->body(bench->context);
    benchmark::ClobberMemory();
}

int bench_once(const char *name)
{
    for (const Case &what : cases()) {
        if (what.name != name)
            continue;
        call(what.bench.prepare, what.bench);
        bench_once_body(&what.bench);
        call(what.bench.finish, what.bench);
        std::printf("%" PRIu64 "\n", what.bench.items);
        return 0;
    }
    std::fprintf(stderr, "there is no benchmark '%s'; --benchmark_list_tests names them\n", name);
    return 2;
}

void bench_keep(uint64_t value)
{
    benchmark::DoNotOptimize(value);
}
