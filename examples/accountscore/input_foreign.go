package main

import (
	"bufio"
	"errors"
	"strings"
)

// foreignForms are files that people have instead of text: how they begin, what
// they are, and what to do.
var foreignForms = []struct{ begin, is, fix string }{
	{"\x1f\x8b", "is compressed with gzip", "unpack it: gunzip -c FILE | accountscore score RULESET -"},
	{"\x28\xb5\x2f\xfd", "is compressed with zstd", "unpack it: zstd -dc FILE | accountscore score RULESET -"},
	{"BZh91AY&SY", "is compressed with bzip2", "unpack it: bunzip2 -c FILE | accountscore score RULESET -"},
	{"PK\x03\x04", "is a zip archive or an Excel workbook", "unpack the archive, or save the sheet as CSV UTF-8"},
	{"\xd0\xcf\x11\xe0", "is a workbook of an old Excel", "save the sheet as CSV UTF-8"},
	{"PAR1\x15", "is a Parquet file", "score it with the program in examples/arrow, or export it as CSV UTF-8"},
	{"ARROW1\x00", "is an Arrow file", "score it with the program in examples/arrow, or export it as CSV UTF-8"},
	{"\xff\xfe", "is text in UTF-16", "save it as UTF-8, a sheet as CSV UTF-8"},
	{"\xfe\xff", "is text in UTF-16", "save it as UTF-8, a sheet as CSV UTF-8"},
}

// foreign tells that a file is no text that can be read, and what to do.
func foreign(r *bufio.Reader) error {
	head, _ := r.Peek(16)
	for _, f := range foreignForms {
		if strings.HasPrefix(string(head), f.begin) {
			return errors.New(f.is + ": " + f.fix)
		}
	}
	return nil
}
