"""Spreadsheets as bytes: CSV, XLSX and ODS, read and written."""
