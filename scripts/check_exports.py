"""Writes incidents in every format and reads them with the programs that others use. Ends with an error where one reads something else."""

import csv
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import geopandas
import pandas
import pyarrow.parquet

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
COLUMNS = (
    "event_id_cnty event_date time_precision event_type sub_event_type actor1 inter1 actor2 inter2 iso country admin1 location latitude "
    "longitude geo_precision source notes fatalities timestamp"
).split()
# Invented, with what breaks tables: formulas, quotes, separators, line ends, other scripts, negative coordinates, an unknown place.
NASTY = ["=1+1", '"quoted", and; more', "two\nlines", "مقتل خمسة", "戦闘", "-2+3", "@SUM(A1)", "it's NA", "\ttabs\there"]


def rows():
    for number, words in enumerate(NASTY):
        place = number != 3
        yield {
            "event_id_cnty": f"X{number}",
            "event_date": f"2024-03-{number + 1:02}",
            "time_precision": 1,
            "event_type": "Battles",
            "sub_event_type": "Armed clash",
            "actor1": f"Jund Rifles {words}".replace(";", ","),
            "inter1": "Rebel group",
            "actor2": "Military Forces of Mali",
            "inter2": "State forces",
            "iso": 466,
            "country": "Mali",
            "admin1": "Gao" if place else "",
            "location": f"Place {number}" if place else "",
            "latitude": 15.5 + number / 10 if place else "",
            "longitude": -0.5 - number / 10 if place else "",
            "geo_precision": 1 if place else 3,
            "source": "Radio Example",
            "notes": words,
            "fatalities": number,
            "timestamp": 1709800000,
        }


def run(*arguments, stdin=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, input=stdin)
    if done.returncode != 0:
        sys.exit(f"check-exports: {' '.join(map(str, arguments))}: {done.stderr}")
    return done


def same(what, found, expected):
    if found != expected:
        sys.exit(f"check-exports: {what}: read {found!r}, expected {expected!r}")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="watchpost-exports."))
    try:
        check(folder)
    finally:
        shutil.rmtree(folder)


def check(folder):
    table = folder / "rows.csv"
    with table.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows())
    project = folder / "project"
    run("init", project)
    run("import", table, "--from", "acled", "--project", project)
    count = len(NASTY)

    def export(to, ending, *more):
        out = folder / f"{to}{len(more)}.{ending}"
        done = run("export", "--to", to, "--out", out, "--project", project, *more)
        same(f"{to} says how many", f"wrote {count} incidents" in done.stderr or to in ("ged", "hapi"), True)
        return out

    expected = sorted(rows(), key=lambda row: row["fatalities"])
    deaths = [row["fatalities"] for row in expected]
    longitudes = [row["longitude"] if row["longitude"] != "" else None for row in expected]

    def numbers(values):
        return [None if pandas.isna(value) else value for value in values]

    # pandas, without telling it anything.
    frame = pandas.read_csv(export("acled", "csv", "--bom")).sort_values("fatalities")
    same("acled, pandas: columns", len(frame.columns), 31)
    same("acled, pandas: first column", frame.columns[0], "event_id_cnty")
    same("acled, pandas: deaths", frame["fatalities"].tolist(), deaths)
    same("acled, pandas: longitudes", numbers(frame["longitude"]), longitudes)
    same("acled, pandas: days", pandas.to_datetime(frame["event_date"]).dt.day.tolist(), list(range(1, count + 1)))
    cells = [cell for cell in frame["notes"].tolist() + frame["actor1"].tolist() if isinstance(cell, str)]
    same("acled: formulas", [cell for cell in cells if cell[:1] in "=+-@\t\r"], [])
    ged = pandas.read_csv(export("ged", "csv"))
    same("ged, pandas: columns", len(ged.columns), 49)
    same("ged: low, best, high", bool(((ged["low"] <= ged["best"]) & (ged["best"] <= ged["high"])).all()), True)
    parts = ged[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)
    same("ged: sides add up", parts.tolist(), ged["best"].tolist())
    same("ged: deadly ones", len(ged), count - 1)
    hapi = pandas.read_csv(export("hapi", "csv"))
    same("hapi, pandas: columns", list(hapi.columns)[0], "location_code")
    same("hapi: events", int(hapi["events"].sum()), count)
    polecat = pandas.read_csv(export("plover", "tsv", "--shape", "polecat"), sep="\t")
    same("polecat, pandas", polecat.shape, (count, 40))
    lines = [json.loads(line) for line in export("plover", "jsonl").read_text(encoding="utf-8").splitlines()]
    same("plover", len(lines), count)
    same("jsonl", len(pandas.read_json(export("jsonl", "jsonl"), lines=True)), count)

    # Typed formats.
    sheet = pandas.read_excel(export("xlsx", "xlsx"), sheet_name="incidents").sort_values("deaths_best")
    same("xlsx, openpyxl: deaths", sheet["deaths_best"].tolist(), deaths)
    same("xlsx: days are days", sheet["event_date"].iloc[0].date(), datetime.date(2024, 3, 1))
    about = pandas.read_excel(folder / "xlsx0.xlsx", sheet_name="about", header=None)
    same("xlsx: the number is said", str(about.iloc[0, 1]), str(count))
    parquet = export("parquet", "parquet")
    arrow = pyarrow.parquet.read_table(parquet)
    same("parquet, pyarrow: rows", arrow.num_rows, count)
    same("parquet: day", str(arrow.schema.field("event_date").type), "date32[day]")
    same("parquet: list", str(arrow.schema.field("actors").type).startswith("list<"), True)
    same("parquet, pandas", sorted(pandas.read_parquet(parquet)["deaths_best"].tolist()), deaths)
    for what, points in (
        ("geoparquet, geopandas", geopandas.read_parquet(parquet)),
        ("geojson, geopandas", geopandas.read_file(export("geojson", "geojson"))),
    ):
        points = points.sort_values("deaths_best")
        same(f"{what}: rows", len(points), count)
        found = [None if point is None or point.is_empty else point.x for point in points.geometry]
        same(f"{what}: longitudes", [None if x is None else round(x, 9) for x in found], [None if x is None else round(x, 9) for x in longitudes])
        same(f"{what}: coordinates", points.crs.to_epsg() in (4326, None), True)
    print(f"check-exports: pandas {pandas.__version__}, pyarrow {pyarrow.__version__}, geopandas {geopandas.__version__} read all formats")

    if shutil.which("Rscript"):
        code = """
            files <- commandArgs(trailingOnly = TRUE)
            acled <- read.csv(files[1], fileEncoding = "UTF-8-BOM")
            ged <- read.csv(files[2])
            flat <- read.csv(files[3])
            polecat <- read.delim(files[4])
            stopifnot(ncol(acled) == 31, names(acled)[1] == "event_id_cnty", is.numeric(acled$longitude), is.numeric(acled$fatalities))
            stopifnot(ncol(ged) == 49, all(ged$low <= ged$best), all(ged$best <= ged$high))
            stopifnot(is.numeric(flat$deaths_best), !anyNA(as.Date(flat$event_date)), ncol(polecat) == 40)
            cat(nrow(acled), nrow(ged), nrow(flat), nrow(polecat))
        """
        files = [folder / "acled1.csv", folder / "ged0.csv", export("csv", "csv"), folder / "plover2.tsv"]
        read = subprocess.run(["Rscript", "-e", code, *map(str, files)], capture_output=True, text=True)
        if read.returncode != 0:
            sys.exit(f"check-exports: R: {read.stderr}")
        same("R: rows", read.stdout.split(), [str(count), str(count - 1), str(count), str(count)])
        print("check-exports: R reads the tables")


main()
