# SPDX-License-Identifier: GPL-3.0-or-later
#
# What larger pages buy and what they cost: walks per lookup, and below them the memory of the pages that are touched and of
# their page tables. A row of panels for each, a line for each series.

headline = "Walks and memory by page size"

touched(z) = column("pages_touched") > 0 ? column("pages_touched") * column("page_size") : NaN
stats "data.tsv" using (touched(0)) name "touched" nooutput

# The layout's panels become columns.
grid_columns = panels_count
array columns_label[grid_columns]
do for [i=1:grid_columns] { columns_label[i] = panels_label[i] }
panels_count = 3 * grid_columns
array panels_label[panels_count]
do for [p=1:panels_count] { panels_label[p] = p <= grid_columns ? columns_label[p] : "" }
least_panel_width = grid_columns > 1 ? (x_characters + 1.3) * character * x_count : 0
gap_y = 14.0
panel_height = 127.0
load "panels.gp"

quantity(row) = row == 0 ? above(column("walk_ratio")) : row == 1 ? touched(0) : column("page_table_bytes")

do for [p=1:panels_count] {
    of_row = int((p - 1) / grid_columns)
    y_name = of_row == 0 ? "walks per lookup" : of_row == 1 ? "memory (bytes)" : "page tables (bytes)"
    load "panel.gp"
    if (of_row == 0) {
        least = walk_ratio_least
        most = walk_ratio_most
        zeros = walk_ratio_zeros
        load "scale.gp"
    } else {
        least = of_row == 1 ? touched_min : page_table_bytes_least
        most = of_row == 1 ? touched_max : page_table_bytes_most
        load "bytes.gp"
    }
    plot for [s=1:series_count] "data.tsv" using (x_of(grid_column, s)):(quantity(of_row)) with @marked ls s notitle, \
        for [s=1:series_count] "data.tsv" using (x_of(grid_column, s)):(of_row == 0 ? nought(column("walk_ratio")) : NaN) \
            with points ls s notitle, \
        for [s=1:series_count] keyentry with @marked ls s title series_label[s]
}
unset multiplot
